import { computeStatistics, labelIn, relateColumns, sliceStatistics, withPreparedFile, type LabelChoice, type PreparedFile, type PrepareOptions, type SlicedStatistics, type StatisticsOptions } from '@refit/data';
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
}

export interface AnalyseOptions extends PrepareOptions, Omit<StatisticsOptions, 'onProgress'> {
  /** Also say what columns have to do with each other, and with a label where one is named. */
  readonly relate?: { readonly label?: LabelChoice; /** As a pipeline file has it, where the data has such a column. */ readonly learning?: Label };
  /** Also say what the rows of each value of this column hold by themselves. */
  readonly sliceBy?: string;
  /** Also say whether it is as expected by hand. */
  readonly expected?: ExpectedByHand;
  readonly onProgress?: (doing: string, done?: number) => void;
}

/** Reads a file and computes its statistics, as the ingestion would. @throws RefitError, see `withPreparedFile` and `computeStatistics` */
export async function analyseFile(path: string, { onProgress, relate, sliceBy, expected, ...options }: AnalyseOptions): Promise<AnalysedFile> {
  onProgress?.(`reading ${path}`);
  return withPreparedFile(path, options, async (db, { source, ...file }) => {
    const statistics = await computeStatistics(db, source, { ...options, onProgress: (done) => onProgress?.(`statistics of ${path}`, done) });
    const expectations = expected && { expectations: await judgeFileExpectations(db, source, expected, statistics.rows) };
    if (sliceBy !== undefined) return { file, statistics, ...expectations, sliced: await sliceStatistics(db, source, sliceBy, options) };
    if (!relate) return { file, statistics, ...expectations };
    onProgress?.(`relations in ${path}`);
    return { file, statistics, ...expectations, relations: await relateColumns(db, source, statistics, relate.label ?? (relate.learning && labelIn(statistics, relate.learning))) };
  });
}
