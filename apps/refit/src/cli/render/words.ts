import { DecaySeverity, FindingSeverity, GateVerdict, ReasonKind, SkipCause, TrainerKind, Verdict, type Reason } from '@refit/contracts';
import type { Style } from '../terminal.js';

/** Names of enum values, for people. A value of a newer server has none. */
const reasonKinds: Record<ReasonKind, string> = {
  [ReasonKind.UNSPECIFIED]: 'unknown', [ReasonKind.SCHEDULE]: 'schedule', [ReasonKind.DATA_ARRIVAL]: 'data', [ReasonKind.DECAY]: 'decay', [ReasonKind.MANUAL]: 'manual',
  [ReasonKind.BACKFILL]: 'backfill',
};
export const reasonKindName = (kind: ReasonKind | undefined) => reasonKinds[kind ?? 0] ?? 'unknown';
export const reasonKindOf = (name: string | undefined) => valueOf<ReasonKind>(reasonKinds, name);

const verdicts: Record<Verdict, string> = {
  [Verdict.UNSPECIFIED]: 'unknown', [Verdict.STARTED]: 'started', [Verdict.COALESCED]: 'coalesced', [Verdict.QUEUED]: 'queued', [Verdict.SKIPPED]: 'skipped',
};
export const verdictName = (verdict: Verdict | undefined) => verdicts[verdict ?? 0] ?? 'unknown';
export const verdictOf = (name: string | undefined) => valueOf<Verdict>(verdicts, name);

const skipCauses: Record<SkipCause, string> = {
  [SkipCause.UNSPECIFIED]: '', [SkipCause.COOL_DOWN]: 'cool-down', [SkipCause.DUPLICATE]: 'duplicate', [SkipCause.PAUSED]: 'paused',
  [SkipCause.TOO_FEW_ROWS]: 'too few rows', [SkipCause.RUN_OPEN]: 'run open', [SkipCause.DISABLED]: 'disabled',
  [SkipCause.BELOW_SEVERITY]: 'below severity', [SkipCause.QUEUE_FULL]: 'queue full',
  [SkipCause.MISSED]: 'missed', [SkipCause.NO_DATA]: 'no data',
};
export const skipCauseName = (cause: SkipCause | undefined) => skipCauses[cause ?? 0] ?? '';
export const skipCauseOf = (name: string | undefined) => valueOf<SkipCause>(skipCauses, name);

export const severityNames = ['low', 'medium', 'high'] as const;
const severities = { low: DecaySeverity.LOW, medium: DecaySeverity.MEDIUM, high: DecaySeverity.HIGH };
export const severityOf = (name: (typeof severityNames)[number]) => severities[name];

export const findingSeverityNames = ['info', 'warning', 'failure'] as const;
export const findingSeverityOf = (name: (typeof findingSeverityNames)[number] | undefined): FindingSeverity => (name === undefined ? 0 : findingSeverityNames.indexOf(name) + 1);

const trainers: Record<TrainerKind, string> = { [TrainerKind.UNSPECIFIED]: 'unknown', [TrainerKind.LINEAR]: 'linear', [TrainerKind.GRADIENT_BOOSTING]: 'gradient boosting' };
export const trainerName = (kind: TrainerKind | undefined) => trainers[kind ?? 0] ?? 'unknown';

/** The value with this name, on the command line with hyphens (`too-few-rows`); 0, which asks for nothing, without one. */
function valueOf<E extends number>(names: Readonly<Record<E, string>>, name: string | undefined): E {
  return Number(Object.entries(names).find(([, n]) => String(n).replaceAll(' ', '-') === name)?.[0] ?? 0) as E; // a key of the table
}

/** Why a run was asked for: `data: week-07.parquet arrived`. */
export function reasonText(reason: Reason | undefined): string {
  if (!reason) return 'unknown';
  const what = reason.summary || (reason.batch ? `batch ${reason.batch.name} of ${reason.batch.dataset}` : reason.source);
  const by = reason.actor === '' || what.includes(reason.actor) ? '' : ` (${reason.actor})`;
  return `${reasonKindName(reason.kind)}: ${what}${by}`;
}

export function severityMark(severity: FindingSeverity, style: Style): string {
  switch (severity) {
    case FindingSeverity.FAILURE: return style.red('✗');
    case FindingSeverity.WARNING: return style.yellow('!');
    default: return style.dim('·');
  }
}

export function gateMark(verdict: GateVerdict, style: Style): string {
  switch (verdict) {
    case GateVerdict.PASS: return style.green('✓');
    case GateVerdict.FAIL: return style.red('✗');
    case GateVerdict.NOT_APPLICABLE: return style.dim('–');
    default: return style.yellow('?');
  }
}

/** `1 row`, `1,204 rows`. */
export const countOf = (n: number, noun: string, plural = `${noun}s`) => `${n.toLocaleString('en-US')} ${n === 1 ? noun : plural}`;
