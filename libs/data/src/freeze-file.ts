import { RefitError } from '@refit/contracts';
import { freeze, withFreezer, type FreezeOptions, type Frozen } from './freeze.js';
import type { DataFile } from './inspect-data-file.js';
import { readDataFile } from './read-data-file.js';
import { readingFrom } from './source-rows.js';

export interface FrozenFile extends Frozen {
  readonly malformedRows: number;
  /** Where the first of them begin, counted from 1. */
  readonly malformedLines: readonly number[];
}

/**
 * Freezes the well-formed rows of a data file (see `inspectDataFile`), in the file's order.
 *
 * @throws RefitError DATA_FILE_UNREADABLE
 */
export async function freezeFile({ path, format }: DataFile, options: FreezeOptions): Promise<FrozenFile> {
  return withFreezer([path], options, async (db) => {
    const { select, columns, malformedRows, malformedLines } = await readDataFile(db, path, format, options.scratch);
    if (columns.length === 0) throw new RefitError('DATA_FILE_UNREADABLE', `${path} has no columns`);
    const frozen = await readingFrom(path, () => freeze(db, select, options));
    return { ...frozen, malformedRows, malformedLines };
  });
}
