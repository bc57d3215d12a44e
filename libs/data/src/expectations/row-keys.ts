import type { TableColumn } from '@refit/transforms';

/** What a row is told by; undefined where a part of it is missing. */
export type RowKey = (row: number) => string | number | undefined;

const hour = 3_600_000;
const day = 24 * hour;

/** The beginning of the unit that a time lies in, in UTC; weeks begin on Monday. */
const truncations: Readonly<Record<string, (ms: number) => number>> = {
  hour: (ms) => Math.floor(ms / hour) * hour,
  day: (ms) => Math.floor(ms / day) * day,
  // 1970 began on a Thursday.
  week: (ms) => Math.floor((ms / day + 3) / 7) * 7 * day - 3 * day,
  month: (ms) => Date.UTC(new Date(ms).getUTCFullYear(), new Date(ms).getUTCMonth()),
  year: (ms) => Date.UTC(new Date(ms).getUTCFullYear(), 0),
};

/**
 * The keys of a table's rows over some of its columns.
 *
 * @param timeUnit times count as the same within one; empty: only at the same instant
 * @returns why there are none, where a unit of time is asked of columns without times
 */
export function rowKeys(columns: readonly TableColumn[], timeUnit: string): RowKey | string {
  const truncate = timeUnit === '' ? (ms: number) => ms : truncations[timeUnit];
  if (!truncate) return `"${timeUnit}" is no unit of time that this version knows`;
  if (timeUnit !== '' && !columns.some(({ kind }) => kind === 'time')) return `there is no time to be taken by ${timeUnit}`;
  const parts = columns.map((column) => cellOf(column, truncate));
  const [only] = parts;
  return only && parts.length === 1 ? only : joined(parts);
}

function cellOf(column: TableColumn, truncate: (ms: number) => number): (row: number) => number | undefined {
  if (column.kind === 'category') return (row) => ((column.codes[row] ?? -1) < 0 ? undefined : column.codes[row]);
  const value = column.kind === 'time' ? truncate : (number: number) => number;
  return (row) => {
    const number = column.values[row] ?? NaN;
    return Number.isNaN(number) ? undefined : value(number);
  };
}

const joined = (parts: readonly ((row: number) => number | undefined)[]): RowKey => (row) => {
  let key = '';
  for (const part of parts) {
    const cell = part(row);
    if (cell === undefined) return undefined;
    key += `${cell}\u001f`;
  }
  return key;
};
