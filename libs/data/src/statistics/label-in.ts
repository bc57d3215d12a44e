import type { Label } from '@refit/contracts';
import type { DatasetStatistics } from '@refit/data-validation';
import type { LabelChoice } from './feature-power.js';

/** The label of a pipeline, where data has it and it can be one: that it is gone, or has become what can be none, is told elsewhere. */
export function labelIn({ columns }: DatasetStatistics, { column, above }: Label): LabelChoice | undefined {
  const found = columns.find(({ name }) => name === column);
  if (!found || found.type === 'timestamp' || (above !== undefined && !found.numeric)) return undefined;
  return { column, ...(above !== undefined && { above }) };
}
