import type { GetOffendersResponse, KeptOffenders } from '@refit/contracts';
import type { Style } from '../terminal.js';
import { shortId } from './ids.js';
import { printable } from './received-bytes.js';
import { table } from './table.js';
import { moment, msOf } from './times.js';
import { countOf } from './words.js';

/** Rows that broke one expectation, as a server tells them or as a file was found to have them. */
export interface BrokenBy {
  readonly name: string;
  readonly unexpectedRows: number;
  /** That the expectation names. */
  readonly columns: readonly string[];
  readonly rows: readonly { readonly row: number; readonly key: readonly (string | null)[] }[];
  readonly samples: readonly { readonly row: number; readonly values: Readonly<Record<string, string | null>> }[];
}

const mostKeys = 10;
const mostColumns = 8;
const widest = 24;

/** What was kept of a run, a batch or an artifact, or by whom and why it was forgotten. */
export function renderOffenders({ offenders, leftOut }: GetOffendersResponse, of: string, style: Style): string {
  if (offenders.length === 0) return `${style.green('✓')} no row of ${of} broke an expectation`;
  const told = offenders.map((kept) => [heading(kept, style), ...contents(kept, style)].join('\n'));
  return [...told, ...(leftOut === 0 ? [] : [style.dim(`and ${countOf(leftOut, 'older one')}: refit data offenders RUN shows those of a run`)])].join('\n\n');
}

const heading = ({ hash, runId, batch }: KeptOffenders, style: Style) =>
  `${style.bold(batch === '' ? 'the window' : `batch ${printable(batch)}`)} ${style.dim(`in run ${shortId(runId)}, kept as ${hash}`)}`;

function contents({ keyColumns, expectations, forgotten }: KeptOffenders, style: Style): readonly string[] {
  if (forgotten) return [`  forgotten on ${moment(msOf(forgotten.forgottenAt) ?? 0)} by ${printable(forgotten.actor)}: ${printable(forgotten.reason)}`];
  if (expectations.length === 0) return ['  not kept yet: the run was cut off; its next attempt keeps them'];
  return expectations.map((broken) => brokenText(broken, keyColumns, style));
}

/** One expectation: how many rows broke it, which, and what stands in the first of them. */
export function brokenText({ name, unexpectedRows, columns, rows, samples }: BrokenBy, keyColumns: readonly string[], style: Style): string {
  const shown = rows.slice(0, mostKeys).map(({ row, key }) => (key.length > 0 ? key.map((part) => printable(part ?? '–')).join(' ') : String(row)));
  const more = unexpectedRows - shown.length;
  const told = rows.some(({ key }) => key.length > 0) ? keyColumns.map(printable).join(' ') : 'row';
  const which = shown.length === 0 ? 'they could not be listed in time' : `${told} ${shown.join(', ')}${more > 0 ? ` and ${more.toLocaleString('en-US')} more` : ''}`;
  return [`  ${style.bold(printable(name))}  ${style.dim(countOf(unexpectedRows, 'row'))}`, `    ${which}`, ...sampleTable(samples, [...keyColumns, ...columns], style)].join('\n');
}

/** What to look at `first` comes first, as wide data is shown in part. */
function sampleTable(samples: BrokenBy['samples'], first: readonly string[], style: Style): readonly string[] {
  const present = new Set(samples.flatMap(({ values }) => Object.keys(values)));
  const columns = [...new Set([...first.filter((column) => present.has(column)), ...present])];
  if (columns.length === 0) return [];
  const some = columns.slice(0, mostColumns);
  const rows = samples.map(({ row, values }) => [String(row), ...some.map((column) => cell(values[column]))]);
  const lines = table([{ title: 'row', align: 'right' }, ...some.map((column) => ({ title: cell(column) }))], rows, style).split('\n');
  return [...lines, ...(columns.length > some.length ? [style.dim(`and ${columns.length - some.length} more columns: --json shows them`)] : [])].map((line) => `    ${line}`);
}

const cell = (value: string | null | undefined) => {
  const text = printable(value ?? '–').replaceAll(/[\n\t]/gu, ' ');
  return text.length > widest ? `${text.slice(0, widest - 1)}…` : text;
};
