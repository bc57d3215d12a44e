import { computeStatistics, withPreparedFile, type PreparedFile, type PrepareOptions, type StatisticsOptions } from '@refit/data';
import type { DatasetStatistics } from '@refit/data-validation';

/** A data file and what it holds. */
export interface AnalysedFile {
  readonly file: Omit<PreparedFile, 'parquet'>;
  readonly statistics: DatasetStatistics;
}

export interface AnalyseOptions extends PrepareOptions, Omit<StatisticsOptions, 'onProgress'> {
  readonly onProgress?: (doing: string, done?: number) => void;
}

/** Reads a file and computes its statistics, as the ingestion would. @throws RefitError, see `withPreparedFile` and `computeStatistics` */
export async function analyseFile(path: string, { onProgress, ...options }: AnalyseOptions): Promise<AnalysedFile> {
  onProgress?.(`reading ${path}`);
  return withPreparedFile(path, options, async (db, { parquet, ...file }) => {
    const statistics = await computeStatistics(db, parquet, { ...options, onProgress: (done) => onProgress?.(`statistics of ${path}`, done) });
    return { file, statistics };
  });
}
