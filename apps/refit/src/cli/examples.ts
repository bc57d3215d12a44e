import type { Command } from 'commander';

/** What a person may type, for each command by its names. */
const examples: Readonly<Record<string, readonly string[]>> = {
  up: ['refit up', 'refit up --port 8080 --allow-root ~/data', 'refit up --example flights'],
  token: ['refit token alice'],
  reset: ['refit reset --data-dir .refit --yes'],
  apply: ['refit apply churn.yaml'],
  pipelines: ['refit pipelines --paused', 'refit pipelines churn'],
  pause: ['refit pause churn --reason "the export is broken"'],
  resume: ['refit resume churn --start'],
  run: ['refit run churn --wait'],
  runs: ['refit runs --pipeline churn --status failed --since 2d'],
  show: ['refit show 0190ab12-3c4d'],
  watch: ['refit watch 0190ab12-3c4d', 'refit watch --pipeline churn'],
  cancel: ['refit cancel 0190ab12-3c4d --reason "wrong data"'],
  retry: ['refit retry 0190ab12-3c4d --wait'],
  replay: ['refit replay 0190ab12-3c4d'],
  backfill: ['refit backfill churn --from 2026-01-01 --to 2026-07-01 --every 7d --preview', 'refit backfill list'],
  'backfill start': ['refit backfill churn --from 2026-01-01 --to 2026-07-01 --every 7d --wait', 'refit backfill churn --from 2026-01-01 --to 2026-07-01 --schedule --promote'],
  'backfill list': ['refit backfill list churn'],
  'backfill show': ['refit backfill show 0190ab12-3c4d'],
  'backfill cancel': ['refit backfill cancel 0190ab12-3c4d --reason "too slow"'],
  data: ['refit data arrive churn data/churn/2026-11-23.csv', 'refit data stats export.csv'],
  'data arrive': ['refit data arrive churn data/churn/2026-11-23.csv', 'refit data arrive churn export.csv --name 2026-11-23'],
  'data stats': ['refit data stats export.csv', 'refit data stats export.parquet --html report.html', 'refit data stats export.csv --slice country=CH', 'refit data stats flights.parquet --label "delay>15"'],
  'data schema': ['refit data schema january.csv', 'refit data schema list churn'],
  'data schema infer': ['refit data schema january.csv', 'refit data schema january.csv --json > churn.schema.json'],
  'data schema show': ['refit data schema show churn', 'refit data schema show churn 3'],
  'data schema versions': ['refit data schema versions churn'],
  'data schema diff': ['refit data schema diff churn', 'refit data schema diff churn 1 4'],
  'data schema list': ['refit data schema list churn', 'refit data schema list churn --batch 2026-11-23 --severity failure'],
  'data schema accept': ['refit data schema accept churn 3f9a12cc 71b0e4d2 --reason "the new terminal" --wait'],
  'data schema reject': ['refit data schema reject churn 3f9a12cc --reason "the export is broken"'],
  'data schema reference': ['refit data schema reference churn --batch 2026-11-23 --reason "prices are in cents now"'],
  'data validate': ['refit data validate february.csv --reference january.csv', 'refit data validate february.csv --schema churn.schema.json --pipeline churn.yaml', 'refit data validate february.csv --expectations expectations.yaml'],
  'data offenders': ['refit data offenders 0190ab12-3c4d', 'refit data offenders --batch 2026-11-23 --dataset churn'],
  'data forget': ['refit data forget 0190ab12-3c4d --reason "a customer asked for it"'],
  'data drift': ['refit data drift january.csv february.csv --html drift.html'],
  decay: ['refit decay churn --severity high --summary "AUC fell to 0.61"'],
  reasons: ['refit reasons churn --verdict skipped --since 1w', 'refit reasons --skip-cause cool-down'],
  models: ['refit models --status champion', 'refit models churn'],
  promote: ['refit promote churn v3 --reason "checked by hand"'],
  rollback: ['refit rollback churn --reason "complaints"'],
  alerts: ['refit alerts --kind schema --since 1d'],
  events: ['refit events run-0190ab12-3c4d', 'refit events --type RunFailed --last 10', 'refit events "trigger-*" --follow'],
  'dead-letters': ['refit dead-letters', 'refit dead-letters retry 0190ab12-3c4d'],
  'dead-letters list': ['refit dead-letters list --all'],
  'dead-letters show': ['refit dead-letters show 0190ab12-3c4d'],
  'dead-letters retry': ['refit dead-letters retry 0190ab12-3c4d'],
  'dead-letters discard': ['refit dead-letters discard 0190ab12-3c4d --reason "a test message"'],
  config: ['refit config check'],
  'config check': ['refit config check --connect', 'refit config check --service trigger --kafka-brokers localhost:9092'],
  profile: ['refit profile set staging --server refit.staging:7410', 'refit runs --profile staging'],
  'profile list': ['refit profile list'],
  'profile show': ['refit profile show staging'],
  'profile set': ['refit profile set staging --server refit.staging:7410'],
  'profile remove': ['refit profile remove staging'],
  'profile use': ['refit profile use staging'],
};

/** Ends the help of every command below with what a person may type. */
export function addExamples(command: Command, path: readonly string[] = []): void {
  for (const child of command.commands) {
    const names = [...path, child.name()];
    const lines = examples[names.join(' ')];
    if (lines) child.addHelpText('after', ['', lines.length > 1 ? 'Examples:' : 'Example:', ...lines.map((line) => `  $ ${line}`)].join('\n'));
    addExamples(child, names);
  }
}
