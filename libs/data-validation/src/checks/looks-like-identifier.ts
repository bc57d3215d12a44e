import type { ColumnStatistics } from '../statistics.js';

const names = /(^|[_\W])(id|uuid|guid|key|nr|no|number|hash|index|rowid)$|[a-z](Id|ID|Key|Uuid|Guid|Number)$/u;
/** A counter misses few of the numbers between its first and its last. */
const denseRange = 2;

/**
 * Whether each row has a value of its own because that is what the column is for: text, or whole numbers that count the
 * rows or are named so. Amounts may all differ as well, in few rows.
 */
export function looksLikeIdentifier({ name, type, semantic, numeric, distinct }: ColumnStatistics): boolean {
  if (semantic !== 'identifier') return false;
  if (type === 'string' || names.test(name) || /^id$/iu.test(name)) return true;
  return numeric !== undefined && numeric.maximum - numeric.minimum < distinct * denseRange;
}
