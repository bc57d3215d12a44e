import type { ColumnStatistics } from '../statistics.js';

const names = /(^|[_\W])(id|uuid|guid|key|nr|no|number|hash|rowid)$|[a-z](Id|ID|Key|Uuid|Guid|Number)$/u;
/** A counter misses few of the numbers between its first and its last; of as many drawn by chance every fourth would come twice. */
const denseRange = 2;

/**
 * Whether each row has a value of its own because that is what the column is for: text, or whole numbers that count the
 * rows or are named so, of 50 rows or more. Amounts may all differ as well, in few rows: they leave most numbers out.
 */
export function looksLikeIdentifier({ name, type, semantic, numeric, distinct }: ColumnStatistics): boolean {
  if (semantic !== 'identifier') return false;
  if (type === 'string' || names.test(name) || /^id$/iu.test(name)) return true;
  return numeric !== undefined && numeric.maximum - numeric.minimum < distinct * denseRange;
}

/** Whole numbers that name rows: the next rows have others, so neither their range nor their distribution is one to be like. */
export const isRunningNumber = (column: ColumnStatistics): boolean => column.type === 'integer' && looksLikeIdentifier(column);
