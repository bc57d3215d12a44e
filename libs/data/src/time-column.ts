import { insteadOfColumn, RefitError } from '@refit/contracts';
import type { SnapshotType } from './column-types.js';
import type { WindowBatch } from './window-columns.js';

/**
 * That the rows of a window can be ordered in time. Where nothing was judged before, each batch must have times. Later one
 * is enough: a batch that came without is the data gate's to refuse, and stays out of the next windows.
 *
 * @throws RefitError TIME_COLUMN_UNUSABLE, naming the first batch without times
 */
export function assertTimes(batches: readonly WindowBatch[], timeColumn: string, firstData: boolean): void {
  const unusable = batches.filter((batch) => typeIn(batch, timeColumn) !== 'TIMESTAMP');
  const [first] = unusable;
  if (first === undefined || (!firstData && unusable.length < batches.length)) return;
  throw timeColumnUnusable(timeColumn, `in batch ${nameOf(batches, first)} ${fault(first, timeColumn)}`);
}

/** Of a column of times that is empty in every row. */
export const noTimes = (batches: readonly WindowBatch[], timeColumn: string): RefitError =>
  timeColumnUnusable(timeColumn, `no row has a time in it (batches: ${batches.map((batch) => nameOf(batches, batch)).slice(0, 5).join(', ')}${batches.length > 5 ? ', …' : ''})`);

const nameOf = (batches: readonly WindowBatch[], batch: WindowBatch) => batch.name ?? `${batches.indexOf(batch) + 1}`;

const timeColumnUnusable = (timeColumn: string, trouble: string) =>
  new RefitError('TIME_COLUMN_UNUSABLE', `"${timeColumn}" is the pipeline's time column, but ${trouble}; name a column of times in source.timeColumn, or deliver the data again with times`);

const typeIn = ({ columns }: WindowBatch, name: string) => columns.find((column) => column.name === name)?.type;

const nouns: Readonly<Record<SnapshotType, string>> = { BOOLEAN: 'true or false', BIGINT: 'a number', DOUBLE: 'a number', TIMESTAMP: 'a time', VARCHAR: 'text' };

function fault(batch: WindowBatch, timeColumn: string): string {
  const type = typeIn(batch, timeColumn);
  return type === undefined ? `it is missing (${insteadOfColumn(timeColumn, batch.columns.map(({ name }) => name))})` : `it is ${nouns[type]}, not a time`;
}
