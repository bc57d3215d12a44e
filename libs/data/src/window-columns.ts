import { join } from 'node:path';
import type { MergedPart } from '@refit/data-validation';
import type { SnapshotColumn, SnapshotType } from './column-types.js';
import type { DuckDb } from './duckdb.js';
import { writeParquet } from './freeze.js';
import { identifier, literal } from './sql.js';

/** A frozen batch, as a window takes it. */
export interface WindowBatch {
  /** For messages, which count the batches where there is none. */
  readonly name?: string;
  /** Of the snapshot's Parquet file. */
  readonly path: string;
  readonly columns: readonly SnapshotColumn[];
  /** Its artifacts, from which the statistics of a window of whole batches are merged. */
  readonly part?: MergedPart;
}

/**
 * The columns of all batches together, in the order in which they first appear. Where batches disagree on a type, whole
 * and other numbers make DOUBLE, anything else text (which loses nothing; the data gate refuses the batch that changed).
 * A batch without a single value in a column has no say in its type.
 */
export async function windowColumns(db: DuckDb, batches: readonly WindowBatch[]): Promise<readonly SnapshotColumn[]> {
  const merged = new Map<string, SnapshotType>();
  const contested = new Set<string>();
  for (const { columns } of batches) {
    for (const { name, type } of columns) {
      const known = merged.get(name);
      if (known !== undefined && known !== type) contested.add(name);
      merged.set(name, known === undefined ? type : common(known, type));
    }
  }
  for (const name of contested) merged.set(name, await typeOfValues(db, batches, name));
  return [...merged].map(([name, type]) => ({ name, type }));
}

/**
 * The batches' files, those with a column of another type than the window's rewritten.
 *
 * @param scratch a folder that `db` may write to
 */
export async function withTypes(db: DuckDb, batches: readonly WindowBatch[], columns: readonly SnapshotColumn[], scratch: string): Promise<readonly string[]> {
  const types = new Map(columns.map(({ name, type }) => [name, type]));
  const paths: string[] = [];
  for (const [i, { path, columns: own }] of batches.entries()) {
    if (own.every(({ name, type }) => types.get(name) === type)) paths.push(path);
    else {
      const cast = own.map(({ name }) => `CAST(${identifier(name)} AS ${types.get(name)}) AS ${identifier(name)}`);
      const rewritten = join(scratch, `batch-${i}.parquet`);
      await writeParquet(db, `SELECT ${cast.join(', ')} FROM read_parquet(${literal(path)})`, rewritten);
      paths.push(rewritten);
    }
  }
  return paths;
}

async function typeOfValues(db: DuckDb, batches: readonly WindowBatch[], name: string): Promise<SnapshotType> {
  let type: SnapshotType | undefined;
  for (const { path, columns } of batches) {
    const column = columns.find((candidate) => candidate.name === name);
    if (!column || type === column.type) continue;
    const [row] = await db.rows(`SELECT count(${identifier(name)}) AS n FROM read_parquet(${literal(path)})`);
    if (Number(row?.['n']) > 0) type = type === undefined ? column.type : common(type, column.type);
  }
  return type ?? 'VARCHAR';
}

function common(a: SnapshotType, b: SnapshotType): SnapshotType {
  if (a === b) return a;
  const numbers: readonly SnapshotType[] = ['BIGINT', 'DOUBLE'];
  return numbers.includes(a) && numbers.includes(b) ? 'DOUBLE' : 'VARCHAR';
}
