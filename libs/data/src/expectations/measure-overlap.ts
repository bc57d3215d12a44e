import { RefitError, type DisjointParts, type Features, type Label, type Split } from '@refit/contracts';
import { mostKeys, unknown, type Measured } from '@refit/data-validation';
import { learningColumns, resolveLabel, splitRows, type ColumnTable } from '@refit/transforms';
import { readColumns } from '../read-columns.js';
import { rowKeys } from './row-keys.js';
import { noColumn } from './user-sql.js';

/** Which overlaps are looked for, and what decides how a run splits its rows. */
export interface OverlapTask {
  /** A snapshot of a window. */
  readonly path: string;
  readonly columns: readonly string[];
  readonly overlaps: readonly { readonly name: string; readonly parts: Pick<DisjointParts, 'columns' | 'timeUnit'> }[];
  readonly label: Label;
  readonly features: Features;
  readonly split: Split;
}

export interface Overlap {
  readonly name: string;
  readonly measured: Measured;
  /** Numbers of the first test rows whose key is also learnt from, from 0. */
  readonly rows: readonly number[];
}

export interface ReadingOptions {
  readonly signal?: AbortSignal;
  /** Around work in native code, which a thread must not be ended in. */
  readonly native?: <T>(work: () => Promise<T>) => Promise<T>;
}

/**
 * How many of the rows that will test the model have a key (a customer, a day) that is also among the rows that it learns
 * from, validation included, as those choose the model. The rows are split just as the run will split them. A row that
 * lacks a part of the key is not judged. Holds the thread: for a worker.
 */
export async function measureOverlap(task: OverlapTask, { signal, native = (work) => work() }: ReadingOptions = {}): Promise<readonly Overlap[]> {
  const learnt = learningColumns(task.columns, task);
  const keys = task.overlaps.flatMap(({ parts }) => parts.columns).filter((name) => task.columns.includes(name));
  const table = await native(() => readColumns(task.path, [...new Set([...learnt, ...keys])], { ...(signal && { signal }) }));
  try {
    // A split by content looks at every column of its table.
    const learning: ColumnTable = { rows: table.rows, columns: new Map(learnt.flatMap((name) => { const column = table.columns.get(name); return column ? [[name, column] as const] : []; })) };
    const split = splitRows(learning, resolveLabel(learning, task.label).rows, task.split);
    return task.overlaps.map(({ name, parts }) => {
      const missing = parts.columns.find((column) => !task.columns.includes(column));
      return missing === undefined ? { name, ...overlap(table, parts, split) } : { name, measured: unknown(noColumn(missing, task.columns)), rows: [] };
    });
  } catch (error) {
    if (!(error instanceof RefitError) || error.category !== 'data') throw error;
    return task.overlaps.map(({ name }) => ({ name, measured: unknown(`the rows cannot be split: ${error.message}`), rows: [] }));
  }
}

interface Parts {
  readonly training: Uint32Array;
  readonly validation: Uint32Array;
  readonly test: Uint32Array;
}

function overlap(table: ColumnTable, { columns, timeUnit }: OverlapTask['overlaps'][number]['parts'], { training, validation, test }: Parts): Omit<Overlap, 'name'> {
  const keyOf = rowKeys(columns.flatMap((name) => table.columns.get(name) ?? []), timeUnit);
  if (typeof keyOf === 'string') return { measured: unknown(keyOf), rows: [] };
  const learnt = new Set<string | number>();
  for (const part of [training, validation]) {
    for (const row of part) {
      const key = keyOf(row);
      if (key !== undefined) learnt.add(key);
    }
  }
  let [judged, unexpected] = [0, 0];
  const rows: number[] = [];
  for (const row of test) {
    const key = keyOf(row);
    if (key === undefined) continue;
    judged++;
    if (!learnt.has(key)) continue;
    unexpected++;
    if (rows.length < mostKeys) rows.push(row);
  }
  return { measured: { is: 'rows', rows: table.rows, asked: test.length, judged, unexpected }, rows };
}
