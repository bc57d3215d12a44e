import { stripVTControlCharacters } from 'node:util';
import type { Style } from '../terminal.js';

export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
}

/** Rows under their titles, in columns as wide as their widest cell. Colours count for nothing. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[], style: Style): string {
  const widths = columns.map(({ title }, i) => Math.max(title.length, ...rows.map((row) => visible(row[i]))));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, i) => {
        const gap = ' '.repeat(Math.max(0, (widths[i] ?? 0) - visible(cell)));
        return columns[i]?.align === 'right' ? gap + cell : cell + gap;
      })
      .join('  ')
      .trimEnd();
  return [style.dim(line(columns.map(({ title }) => title.toUpperCase()))), ...rows.map(line)].join('\n');
}

/** Names and values below each other. */
export function facts(rows: readonly (readonly [string, string | undefined])[], style: Style): string {
  const shown = rows.filter((row): row is readonly [string, string] => row[1] !== undefined && row[1] !== '');
  const width = Math.max(...shown.map(([name]) => name.length));
  return shown.map(([name, value]) => `  ${style.dim(name.padEnd(width))}  ${value}`).join('\n');
}

const visible = (cell = '') => stripVTControlCharacters(cell).length;
