import type { GetSchemaResponse, HeldBatch, ProposalState, ReopenedBatch, SchemaVersion, TakeReferenceResponse } from '@refit/contracts';
import type { SchemaDifference } from '@refit/data-validation';
import { schemaText } from '../../data-report/schema-text.js';
import type { Style } from '../terminal.js';
import { shortId } from './ids.js';
import { facts, table } from './table.js';
import { msOf, relative } from './times.js';
import { countOf, severityMark } from './words.js';

interface View {
  readonly style: Style;
  readonly now: number;
}

/** A version of a dataset's schema: where it comes from, and what it says. */
export function renderSchema(dataset: string, { schema, latestVersion, openProposals, openFindings }: GetSchemaResponse, { style, now, whom }: View & { readonly whom: string }): string {
  if (!schema) return 'The server knows no schema.';
  const { version, referenceRows, referenceSnapshotHash, referenceStatisticsHash } = schema;
  const tolerated = schema.schema?.tolerated.length ?? 0;
  const list = `refit data schema list ${dataset}${whom}`;
  return [
    `${style.bold(dataset)}  schema version ${style.bold(String(version))}${version === latestVersion ? '' : style.dim(` of ${latestVersion}`)}`,
    facts([
      ['made', madeText(schema, now)],
      ['reference', `${countOf(referenceRows, 'row')}  ${style.dim((referenceSnapshotHash || referenceStatisticsHash).slice(0, 12))}`],
      ['let pass', tolerated === 0 ? undefined : style.yellow(`${countOf(tolerated, 'kind')} of anomaly, listed below the columns`)],
      ['to decide', openProposals === 0 ? undefined : style.yellow(`${countOf(openProposals, 'proposal')}: ${list}`)],
      ['to mend', openFindings === 0 ? undefined : style.yellow(`${countOf(openFindings, 'finding')}: ${list}`)],
    ], style),
    '',
    ...(schema.schema ? [schemaText(schema.schema, style)] : []),
  ].join('\n');
}

const origins: Readonly<Record<string, string>> = { inferred: 'from the first data', learned: 'widened by accepted data', accepted: 'changed by a decision', reference: 'from a new reference' };

function madeText({ origin, actor, reason, batch, runId, recordedAt }: SchemaVersion, now: number): string {
  const from = batch !== '' ? `batch ${batch}` : runId === '' ? '' : `run ${shortId(runId)}`;
  return [`${origins[origin] ?? origin}${from === '' ? '' : ` (${from})`}`, actor === '' ? '' : `by ${actor}`, reason, relative(msOf(recordedAt), now)].filter((part) => part !== '').join(', ');
}

/** Versions of a schema, one a line. */
export const renderSchemaVersions = (versions: readonly SchemaVersion[], { style, now }: View): string =>
  table(
    [{ title: 'version' }, { title: 'made' }, { title: 'columns', align: 'right' }],
    versions.map((version) => [style.bold(String(version.version)), madeText(version, now), String(version.schema?.columns.length ?? 0)]),
    style,
  );

/** What two versions say differently. */
export function renderDifferences(differences: readonly SchemaDifference[], style: Style): string {
  if (differences.length === 0) return 'They say the same.';
  return differences.map(({ column, property, before, after }) => {
    const about = property === 'column' ? style.bold(column) : property === 'let pass' ? '' : `${style.bold(column)} ${property}`;
    return [
      ...(before === undefined ? [] : [style.red(`- ${[about, before].filter((part) => part !== '').join(': ')}`)]),
      ...(after === undefined ? [] : [style.green(`+ ${[about, after].filter((part) => part !== '').join(': ')}`)]),
    ].join('\n');
  }).join('\n');
}

/** What gates have found, two lines each: what it is, and what would accept it or what became of it. What nobody can accept stands by itself. */
export function renderProposals(proposals: readonly ProposalState[], { style, now, filtered }: View & { readonly filtered: boolean }): string {
  if (proposals.length === 0) return filtered ? 'No such proposals.' : 'Nothing to decide.';
  const findings = proposals.filter(({ status }) => status === 'finding');
  const others = proposals.filter(({ status }) => status !== 'finding');
  const told = [
    ...(others.length > 0 ? [proposalLines(others, { style, now })] : filtered ? [] : ['Nothing to decide.']),
    ...(findings.length > 0 ? [`${style.bold('To mend')}  ${style.dim('no change of the schema accepts it')}\n${proposalLines(findings, { style, now })}`] : []),
  ];
  return told.join('\n\n');
}

function proposalLines(proposals: readonly ProposalState[], { style, now }: View): string {
  const width = Math.max(...proposals.map(({ id }) => id.length));
  return proposals.map((proposal) => {
    const { id, anomaly } = proposal;
    const where = anomaly?.batch === '' ? 'window' : (anomaly?.batch ?? '');
    return `${style.bold(id.padEnd(width))}  ${severityMark(anomaly?.severity ?? 0, style)} ${where}  ${anomaly?.message ?? ''}  ${style.dim(anomaly?.kind ?? '')}\n${' '.repeat(width)}  ${becameText(proposal, { style, now })}`;
  }).join('\n');
}

/** `accepted by ann 2 min ago: the new terminal`. */
function becameText({ status, actor, reason, decidedAt, change, schemaVersion, advice }: ProposalState, { style, now }: View): string {
  if (status === 'open') return `${style.dim('accepted, it says:')} ${change}`;
  if (status === 'finding') return advice;
  if (status === 'covered') return style.green('the schema accepts it by now');
  if (status === 'superseded') return style.dim(`found against the reference of version ${schemaVersion}; there is a new one`);
  const mark = status === 'rejected' ? style.red(status) : style.green('accepted');
  const since = status === 'dropped' ? style.yellow('; the schema does not say it any more') : '';
  return `${mark} by ${actor} ${relative(msOf(decidedAt), now)}${reason === '' ? '' : `: ${reason}`}${since}`;
}

/** `✓ batch week-10@1 (4,800 rows) is the reference of flights; its schema is at version 4`, and what became of earlier decisions. */
export function renderReference(dataset: string, { schema, unchanged, keptDecisions, dropped }: TakeReferenceResponse, style: Style): string {
  if (unchanged || !schema) return `That is the reference of ${dataset} already.`;
  const what = schema.batch === '' ? `the window of run ${shortId(schema.runId)}` : `batch ${style.bold(schema.batch)}`;
  return [
    `${style.green('✓')} ${what} (${countOf(schema.referenceRows, 'row')}) is the reference of ${style.bold(dataset)}; its schema is at version ${schema.version}`,
    ...(keptDecisions === 0 ? [] : [`  ${countOf(keptDecisions, 'earlier decision')} ${keptDecisions === 1 ? 'stays' : 'stay'}`]),
    ...dropped.map(({ id, change, because }) => style.yellow(`  dropped: ${id} ${change} (${because})`)),
  ].join('\n');
}

/** Which refused batches are judged again, and how; and what holds the others. */
export function renderReopened(reopened: readonly ReopenedBatch[], held: readonly HeldBatch[], { started, style, whom }: { readonly started: boolean; readonly style: Style; readonly whom: string }): readonly string[] {
  const pipelines = [...new Set(reopened.map(({ pipeline }) => pipeline))];
  return [
    ...reopened.map(({ batch, pipeline }) => `  batch ${style.bold(batch)} will be judged again by the next run of ${pipeline}`),
    ...(started ? [] : pipelines.map((pipeline) => style.dim(`  start it: refit run ${pipeline} --wait${whom}`))),
    ...held.map(({ batch, pipeline, failures, findings }) => style.yellow(`  batch ${batch} stays out of ${pipeline}: ${holds(failures, findings)}`)),
  ];
}

/** What stands against a batch: what could be accepted, and what is to be mended. */
function holds(failures: readonly string[], findings: readonly string[]): string {
  const are = (ids: readonly string[], what: string) => (ids.length === 0 ? [] : [`${ids.join(', ')} ${ids.length === 1 ? 'is' : 'are'} ${what}`]);
  return [...are(failures.filter((id) => !findings.includes(id)), 'not accepted'), ...are(findings, 'to be mended: no decision accepts it')].join('; ');
}
