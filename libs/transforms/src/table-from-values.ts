import type { ColumnTable, TableColumn } from './column-table.js';

export type PlainValue = number | string | boolean | Date | null | undefined;

/**
 * A table from plain values by column; all columns are equally long. A column's kind is that of its first value that
 * is not missing (none: number).
 */
export function tableFromValues(columns: Readonly<Record<string, readonly PlainValue[]>>): ColumnTable {
  const entries = Object.entries(columns);
  const rows = entries[0]?.[1].length ?? 0;
  const uneven = entries.find(([, values]) => values.length !== rows);
  if (uneven) throw new RangeError(`column ${uneven[0]} has ${uneven[1].length} values, not ${rows}`);
  return { rows, columns: new Map(entries.map(([name, values]) => [name, columnOf(values)])) };
}

function columnOf(values: readonly PlainValue[]): TableColumn {
  const sample = values.find((value) => value !== null && value !== undefined);
  if (typeof sample === 'string') return categoryColumn(values);
  const numbers = Float64Array.from(values, (value) => (value === null || value === undefined ? NaN : Number(value)));
  return { kind: sample instanceof Date ? 'time' : 'number', values: numbers };
}

function categoryColumn(values: readonly PlainValue[]): TableColumn {
  const present = values.filter((value) => value !== null && value !== undefined);
  const dictionary = [...new Set(present.map(String))].sort();
  const codeOf = new Map(dictionary.map((text, code) => [text, code]));
  return { kind: 'category', dictionary, codes: Int32Array.from(values, (value) => codeOf.get(String(value)) ?? -1) };
}
