import { realpath } from 'node:fs/promises';
import { dirname } from 'node:path';
import { computeStatistics, labelIn, relateColumns, sliceStatistics, withPreparedFile, writeParquet, type DuckDb, type LabelChoice, type PreparedFile, type PrepareOptions, type SlicedStatistics, type StatisticsOptions } from '@refit/data';
import type { Label } from '@refit/contracts';
import type { ColumnRelations, DatasetStatistics } from '@refit/data-validation';
import { judgeFileExpectations, type ExpectedByHand, type FileExpectations } from './file-expectations.js';

/** A data file and what it holds. */
export interface AnalysedFile {
  readonly file: Omit<PreparedFile, 'source'>;
  readonly statistics: DatasetStatistics;
  /** Where they were asked for. */
  readonly relations?: ColumnRelations;
  readonly sliced?: SlicedStatistics;
  /** Where something was expected by hand. */
  readonly expectations?: FileExpectations;
  /** Its typed rows as a Parquet file, where they were to be kept. */
  readonly rowsFile?: string;
}

export interface AnalyseOptions extends Omit<PrepareOptions, 'folders'>, Omit<StatisticsOptions, 'onProgress'> {
  /** Also say what columns have to do with each other, and with a label where one is named. */
  readonly relate?: { readonly label?: LabelChoice; /** As a pipeline file has it, where the data has such a column. */ readonly learning?: Label };
  /** Also say what the rows of each value of this column hold by themselves. */
  readonly sliceBy?: string;
  /** Also say whether it is as expected by hand. */
  readonly expected?: ExpectedByHand;
  /** Keep the typed rows: in the file itself where it is Parquet, else in one with this name. */
  readonly keepRowsIn?: string;
  readonly onProgress?: (doing: string, done?: number) => void;
}

/** Reads a file and computes its statistics, as the ingestion would. @throws RefitError, see `withPreparedFile` and `computeStatistics` */
export async function analyseFile(path: string, { onProgress, relate, sliceBy, expected, keepRowsIn, ...options }: AnalyseOptions): Promise<AnalysedFile> {
  onProgress?.(`reading ${path}`);
  return withPreparedFile(path, { ...options, ...(keepRowsIn !== undefined && { folders: [dirname(keepRowsIn)] }) }, async (db, { source, ...file }) => {
    const statistics = await computeStatistics(db, source, { ...options, onProgress: (done) => onProgress?.(`statistics of ${path}`, done) });
    const kept = keepRowsIn !== undefined && { rowsFile: await keptRows(db, source, path, keepRowsIn) };
    const expectations = expected && { expectations: await judgeFileExpectations(db, source, expected, statistics.rows) };
    if (sliceBy !== undefined) return { file, statistics, ...expectations, ...kept, sliced: await sliceStatistics(db, source, sliceBy, options) };
    if (!relate) return { file, statistics, ...expectations, ...kept };
    onProgress?.(`relations in ${path}`);
    return { file, statistics, ...expectations, ...kept, relations: await relateColumns(db, source, statistics, relate.label ?? (relate.learning && labelIn(statistics, relate.learning))) };
  });
}

/** A copy in UTF-8, or unpacked, is gone after the work. */
async function keptRows(db: DuckDb, source: PreparedFile['source'], path: string, file: string): Promise<string> {
  if ('parquet' in source && source.parquet === (await realpath(path))) return source.parquet;
  await writeParquet(db, 'parquet' in source ? `FROM read_parquet('${source.parquet.replaceAll("'", "''")}')` : `FROM "${source.table}"`, file);
  return file;
}
