import { RefitError } from '@refit/contracts';
import type { DuckDb } from './duckdb.js';
import { freeze, withFreezer, type FreezeOptions, type Frozen } from './freeze.js';
import type { DataFile } from './inspect-data-file.js';
import { readDataFile } from './read-data-file.js';
import { readingFrom } from './source-rows.js';
import { computeStatistics } from './statistics/compute-statistics.js';
import { summariseColumns } from './statistics/summarise-columns.js';

export interface FrozenFile extends Frozen {
  readonly malformedRows: number;
  /** Where the first of them begin, counted from 1. */
  readonly malformedLines: readonly number[];
}

/**
 * Freezes the well-formed rows of a data file (see `inspectDataFile`), in the file's order. Its statistics can be merged with
 * those of other files.
 *
 * @throws RefitError DATA_FILE_UNREADABLE
 */
export async function freezeFile({ path, format }: DataFile, options: FreezeOptions): Promise<FrozenFile> {
  return withFreezer([path], options, async (db) => {
    const { select, columns, malformedRows, malformedLines } = await readDataFile(db, path, format, options.scratch);
    if (columns.length === 0) throw new RefitError('DATA_FILE_UNREADABLE', `${path} has no columns`);
    const frozen = await readingFrom(path, () => freeze(db, select, options, describeBatch));
    return { ...frozen, malformedRows, malformedLines };
  });
}

const describeBatch = async (db: DuckDb, file: string) => summariseColumns(db, file, await computeStatistics(db, file));
