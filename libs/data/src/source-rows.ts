import { RefitError } from '@refit/contracts';
import type { SnapshotColumn } from './column-types.js';

/** The rows of a data file as SQL over them, with every column in its snapshot type. */
export interface SourceRows {
  readonly select: string;
  readonly columns: readonly SnapshotColumn[];
  /** Left out because they do not have the file's shape. */
  readonly malformedRows: number;
  /** Where the first of them begin, counted from 1. */
  readonly malformedLines: readonly number[];
}

export const reportedLines = 20;
const maximumColumns = 500;
const maximumNameLength = 128;

/** @throws RefitError DATA_FILE_UNREADABLE */
export function assertUsableColumns(path: string, names: readonly string[]): void {
  const fail = (what: string) => {
    throw new RefitError('DATA_FILE_UNREADABLE', `${path} ${what}`);
  };
  if (names.length > maximumColumns) fail(`has ${names.length} columns; at most ${maximumColumns} are taken`);
  const long = names.find((name) => name.length > maximumNameLength);
  if (long !== undefined) fail(`has a column name of ${long.length} characters ("${long.slice(0, 40)}…"); at most ${maximumNameLength} are taken`);
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name.toLowerCase())) fail(`has two columns named "${name}" (letter case does not count): rename one`);
    seen.add(name.toLowerCase());
  }
}

/** Any failure of DuckDB on a user's file as one about that file. */
export async function readingFrom<T>(path: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    if (!(cause instanceof Error) || !/^(Invalid|Parser|Binder|Conversion|IO|TProtocol|Out of Range|Serialization|Malformed|Not implemented)/u.test(cause.message)) throw cause;
    throw new RefitError('DATA_FILE_UNREADABLE', `${path} cannot be read: ${cause.message.split('\n', 1)[0] ?? ''}`, { cause });
  }
}
