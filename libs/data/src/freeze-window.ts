import type { Window } from '@refit/contracts';
import type { SnapshotColumn } from './column-types.js';
import type { DuckDb } from './duckdb.js';
import { freeze, withFreezer, type FreezeOptions, type Frozen } from './freeze.js';
import { identifier, listLiteral, literal } from './sql.js';
import { mergedBatches } from './merged-batches.js';
import { computeStatistics } from './statistics/compute-statistics.js';
import { assertTimes, noTimes } from './time-column.js';
import { windowColumns, withTypes, type WindowBatch } from './window-columns.js';

export interface WindowRequest extends FreezeOptions {
  /** Oldest first. */
  readonly batches: readonly WindowBatch[];
  /** undefined, or with no case set: all rows. */
  readonly window: Window | undefined;
  /** '' when the data has none. */
  readonly timeColumn: string;
  /** Only rows with a time before this one, in milliseconds since 1970: a window as it was then. */
  readonly before?: number;
  /** Whether the rows will be split by the time column. */
  readonly splitByTime?: boolean;
  /** Whether nothing of this data was judged before, so that no gate knows what a batch should hold. */
  readonly firstData?: boolean;
}

export interface FrozenWindow extends Frozen {
  /** Indices of the batches that rows came from. */
  readonly used: readonly number[];
}

/**
 * Freezes the rows of a window over batches, batch by batch in the given order, each in its own row order.
 *
 * - by duration: times in (newest − duration, newest]; of a window that ends `before` a time, in [before − duration, before)
 * - by rows: the newest by time (of equal times those that came last), or the last ones where there is no time column
 * - by batches: the last ones
 *
 * Rows without a time belong to no window by duration or rows.
 *
 * Of a window of whole batches the statistics are merged from theirs (see `mergeStatistics`), which costs as much for any
 * number of rows; of any other they are computed from its rows.
 *
 * @throws RefitError TIME_COLUMN_UNUSABLE when the window or the split needs times, and the column is missing or has none
 */
export async function freezeWindow(request: WindowRequest): Promise<FrozenWindow> {
  return withFreezer(request.batches.map(({ path }) => path), request, (db) => freezeRows(db, request));
}

async function freezeRows(db: DuckDb, request: WindowRequest): Promise<FrozenWindow> {
  const { window, timeColumn, before } = request;
  const last = window?.last ?? { case: undefined };
  const skipped = last.case === 'batches' ? Math.max(request.batches.length - last.value, 0) : 0;
  const batches = request.batches.slice(skipped);
  const byTime = timeColumn !== '' && (last.case === 'durationMs' || last.case === 'rows' || before !== undefined);
  if (byTime || (timeColumn !== '' && request.splitByTime)) assertTimes(batches, timeColumn, request.firstData ?? false);
  const columns = await windowColumns(db, batches);
  const time = byTime ? timeExpression(columns, timeColumn) : undefined;
  const all = rowsBefore(allRows(await withTypes(db, batches, columns, request.scratch), columns), time, before);
  const chosen = await choose(db, all, last, { time, before });
  if (chosen === undefined) throw noTimes(batches, timeColumn);
  const used = await db.rows(`SELECT DISTINCT ${batchColumn} AS batch FROM (${chosen}) ORDER BY batch`);
  const indices = used.map((row) => Number(row['batch']) + skipped);
  const parts = indices.flatMap((i) => request.batches[i] ?? []);
  const frozen = await freeze(db, `SELECT ${names(columns)} FROM (${chosen})`, request, async (_, file, rows) =>
    (await mergedBatches(request.artifacts, parts, rows)) ?? computeStatistics(db, file));
  return { ...frozen, used: indices };
}

const batchColumn = identifier('refit:batch');

const names = (columns: readonly SnapshotColumn[]) => columns.map(({ name }) => identifier(name)).join(', ');

/** One reading of many files keeps their order, and that of their rows; UNION ALL on one thread does not (DuckDB 1.5.5). */
const allRows = (paths: readonly string[], columns: readonly SnapshotColumn[]) =>
  `SELECT file_index AS ${batchColumn}, ${names(columns)} FROM read_parquet(${listLiteral(paths)}, union_by_name = true)`;

const rowsBefore = (all: string, time: string | undefined, before: number | undefined) =>
  time === undefined || before === undefined ? all : `SELECT * FROM (${all}) WHERE ${time} < ${timestamp(before)} AND isfinite(${time})`;

const timestamp = (ms: number) => `make_timestamp(${BigInt(Math.round(ms * 1000))})`;

/** The chosen rows; undefined where they are chosen by time and none has one. */
async function choose(db: DuckDb, all: string, last: Window['last'], { time, before }: { readonly time: string | undefined; readonly before: number | undefined }): Promise<string | undefined> {
  if (last.case === 'durationMs' && time !== undefined && before !== undefined) return `SELECT * FROM (${all}) WHERE ${time} >= ${timestamp(before - last.value)}`;
  if (last.case === 'durationMs') return time === undefined ? undefined : withinDuration(db, all, time, last.value);
  if (last.case === 'rows') return time === undefined ? lastByArrival(db, all, last.value) : newestByTime(db, all, time, last.value);
  return `SELECT * FROM (${all})`;
}

async function withinDuration(db: DuckDb, all: string, time: string, durationMs: number): Promise<string | undefined> {
  const [newest] = await db.rows(`SELECT epoch_us(max(${time})) AS at FROM (${all}) WHERE isfinite(${time})`);
  if (typeof newest?.['at'] !== 'bigint') return undefined;
  const oldest = newest['at'] - BigInt(Math.round(durationMs * 1000));
  return `SELECT * FROM (${all}) WHERE ${time} > make_timestamp(${oldest}) AND isfinite(${time})`;
}

/** The N-th newest time decides; of the rows at exactly that time, the last ones that there is room for. */
async function newestByTime(db: DuckDb, all: string, time: string, rows: number): Promise<string | undefined> {
  const times = `SELECT ${time} AS t FROM (${all}) WHERE t IS NOT NULL`;
  const [nth] = await db.rows(`SELECT CAST(t AS VARCHAR) AS value, typeof(t) AS type FROM (${times}) ORDER BY t DESC LIMIT 1 OFFSET ${rows - 1}`);
  if (!nth) {
    const [any] = await db.rows(`SELECT count(*) AS n FROM (${times})`);
    return Number(any?.['n']) === 0 ? undefined : `SELECT * FROM (${all}) WHERE ${time} IS NOT NULL`;
  }
  const at = `CAST(${literal(String(nth['value']))} AS ${String(nth['type'])})`;
  const [counts] = await db.rows(`SELECT count(*) FILTER (t > ${at}) AS newer, count(*) FILTER (t = ${at}) AS same FROM (${times})`);
  const surplus = Number(counts?.['newer']) + Number(counts?.['same']) - rows;
  const same = identifier('refit:same');
  const numbered = `SELECT *, sum(CASE WHEN ${time} = ${at} THEN 1 ELSE 0 END) OVER (ROWS UNBOUNDED PRECEDING) AS ${same} FROM (${all})`;
  return `SELECT * EXCLUDE (${same}) FROM (${numbered}) WHERE ${time} > ${at} OR (${time} = ${at} AND ${same} > ${surplus})`;
}

async function lastByArrival(db: DuckDb, all: string, rows: number): Promise<string> {
  const [count] = await db.rows(`SELECT count(*) AS n FROM (${all})`);
  return `SELECT * FROM (${all}) OFFSET ${Math.max(Number(count?.['n']) - rows, 0)}`;
}

/** Where one batch holds text in the time column, all of it became text: what is no time then is left out. */
function timeExpression(columns: readonly SnapshotColumn[], timeColumn: string): string {
  const column = identifier(timeColumn);
  return columns.some(({ name, type }) => name === timeColumn && type === 'TIMESTAMP') ? column : `TRY_CAST(${column} AS TIMESTAMP)`;
}
