import { labelIn, relateColumns, withDuckDb } from '@refit/data';
import type { DatasetStatistics, Subject } from '@refit/data-validation';
import type { StepContext } from '@refit/saga';

/**
 * What the columns of a new batch have to do with each other and with the label that is to be learnt from it. A window is
 * made of batches that were asked already.
 *
 * @param batch its name; empty: the window
 * @param path of its snapshot
 */
export async function relateBatch({ spec, signal }: StepContext, batch: string, path: string, statistics: DatasetStatistics): Promise<Pick<Subject, 'relations' | 'learning'>> {
  if (batch === '' || statistics.rows === 0) return {};
  const { label, features } = spec;
  const relations = await withDuckDb({ files: [path], signal }, (db) => relateColumns(db, { parquet: path }, statistics, label && labelIn(statistics, label), { correlations: false }));
  return { relations, ...(label && { learning: { label: label.column, excluded: features?.excluded ?? [] } }) };
}
