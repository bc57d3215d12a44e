import type { SnapshotColumn } from '../column-types.js';
import { identifier } from '../sql.js';

/** A column's values as DOUBLE: times as milliseconds since 1970, of which an infinite one has none and reads as NULL. */
export const asNumber = ({ name, type }: SnapshotColumn): string =>
  type === 'TIMESTAMP' ? `CAST(epoch_us(${identifier(name)}) AS DOUBLE) / 1000` : `CAST(${identifier(name)} AS DOUBLE)`;

/** The same, with NULL for what is not finite. */
export const asFinite = (column: SnapshotColumn): string =>
  column.type === 'DOUBLE' ? `CASE WHEN isfinite(${identifier(column.name)}) THEN ${identifier(column.name)} END` : asNumber(column);

/** A finite number as an SQL literal of the very same bits. */
export const double = (value: number): string => `'${value}'::DOUBLE`;

/** Longer values are cut where they are reported; they are counted whole. */
const reportedLength = 200;

export const cut = (expression: string): string => `left(${expression}, ${reportedLength})`;

/** The sign that stands where bytes were no valid text. */
export const replacement = '\uFFFD';
