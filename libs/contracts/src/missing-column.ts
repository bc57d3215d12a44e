import { nearest, nearestFirst } from './yaml-file/index.js';

/** Data may have hundreds of columns: an error shows enough to find the one that was meant. */
const shown = 20;

/** What to name instead of a column that is not there: `did you mean "delay"? the columns: date, delay, distance`. */
export function insteadOfColumn(name: string, columns: readonly string[]): string {
  const meant = nearest(name, columns);
  const listed = columns.length > shown ? nearestFirst(name, columns).slice(0, shown) : columns;
  const more = columns.length > shown ? ` and ${columns.length - shown} more` : '';
  return `${meant === undefined ? '' : `did you mean "${meant}"? `}the columns: ${listed.join(', ')}${more}`;
}
