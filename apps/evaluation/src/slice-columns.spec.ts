import { tableFromValues } from '@refit/transforms';
import { describe, expect, it } from 'vitest';
import { sliceColumns } from './slice-columns.js';

const table = tableFromValues({
  origin: ['BOS', 'ATL', null, 'BOS'],
  member: [true, false, null, true],
  doors: [4, 2, 4, 5],
  day: [new Date(0), new Date(1), new Date(2), new Date(3)],
});

describe('the columns to slice by', () => {
  it('are taken for the test rows alone', () => {
    const [origin] = sliceColumns(table, Uint32Array.of(2, 3, 1), ['origin'], new Set());
    expect(origin).toEqual({ name: 'origin', codes: Int32Array.of(-1, 1, 0), values: ['ATL', 'BOS'] });
  });

  it('hold small numbers as categories, and booleans by their names', () => {
    const rows = Uint32Array.of(0, 1, 2, 3);
    expect(sliceColumns(table, rows, ['doors', 'member'], new Set(['member']))).toEqual([
      { name: 'doors', codes: Int32Array.of(0, 1, 0, 2), values: ['4', '2', '5'] },
      { name: 'member', codes: Int32Array.of(0, 1, -1, 0), values: ['true', 'false'] },
    ]);
  });

  it('leave out times, measurements and what is not there', () => {
    const measured = tableFromValues({ distance: Array.from({ length: 300 }, (_, i) => i / 7) });
    expect(sliceColumns(measured, Uint32Array.from({ length: 300 }, (_, i) => i), ['distance', 'carrier'], new Set())).toEqual([]);
    expect(sliceColumns(table, Uint32Array.of(0), ['day'], new Set())).toEqual([]);
  });
});
