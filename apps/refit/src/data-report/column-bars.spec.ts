import { numericStatistics, type ColumnStatistics } from '@refit/data-validation';
import { describe, expect, it } from 'vitest';
import { barRange, columnBars } from './column-bars.js';
import { unicodeBars } from './unicode-bars.js';

function column(values: readonly number[], type: ColumnStatistics['type'] = 'float'): ColumnStatistics {
  const sorted = [...new Set(values)].sort((a, b) => a - b);
  const counts = sorted.map((value) => values.filter((candidate) => candidate === value).length);
  const numeric = numericStatistics({ values: Float64Array.from(sorted), counts: Float64Array.from(counts) });
  return { name: 'x', type, missing: 0, nonFinite: 0, distinct: sorted.length, ...(numeric && { numeric }) };
}

const barsOf = (of: ColumnStatistics, bars: number, range = barRange(of, bars)!) => columnBars(of, range)!;

describe('the bars of a column', () => {
  it('are one for each of a few whole numbers', () => {
    const { shares, from, until } = barsOf(column([0, 0, 0, 1, 3, 3], 'integer'), 24);
    expect([from, until]).toEqual([-0.5, 3.5]);
    [0.5, 1 / 6, 0, 2 / 6].forEach((share, i) => expect(shares[i]).toBeCloseTo(share, 12));
  });

  it('have equally many whole numbers each, where there are more than bars', () => {
    const { shares } = barsOf(column(Array.from({ length: 100 }, (_, i) => i), 'integer'), 24);
    expect(shares).toHaveLength(20);
    shares.forEach((share) => expect(share).toBeCloseTo(0.05, 2));
  });

  it('hold what the numbers hold, and all of it', () => {
    const values = Array.from({ length: 1000 }, (_, i) => (i / 1000) ** 2);
    const { shares, below, above } = barsOf(column(values), 10);
    expect(below + above + shares.reduce((a, b) => a + b)).toBeCloseTo(1, 12);
    shares.forEach((share, i) => expect(Math.abs(share - (Math.sqrt((i + 1) / 10) - Math.sqrt(i / 10)))).toBeLessThan(0.01));
  });

  it('put a number that many rows have into one bar', () => {
    const { shares } = barsOf(column([...Array.from({ length: 900 }, () => 0), ...Array.from({ length: 100 }, (_, i) => i / 10 + 0.01)]), 10);
    expect(shares[0]).toBeGreaterThan(0.9);
    expect(shares[1]).toBeCloseTo(0.01, 2);
  });

  it('tell what lies outside of those of a reference', () => {
    const reference = column(Array.from({ length: 1000 }, (_, i) => i / 1000));
    const { shares, below, above } = barsOf(column([-5, 0.3, 0.3, 9]), 4, barRange(reference, 4)!);
    expect(shares.map((share) => share > 0)).toEqual([false, true, false, false]);
    expect([below, above]).toEqual([0.25, 0.25]);
  });

  it('of times go from the first to the last, whatever the reference', () => {
    const times = column(Array.from({ length: 100 }, (_, i) => 1e12 + i * 1000), 'timestamp');
    const { shares, from, until } = barsOf(times, 24);
    expect([from, until, shares.length]).toEqual([1e12, 1e12 + 99_000, 25]);
    expect(shares.every((share) => Math.abs(share - 0.04) < 0.011)).toBe(true);
  });

  it('do not exist without numbers', () => {
    expect(barRange(column([]), 10)).toBeUndefined();
  });
});

it('a histogram in text has eight heights, and a blank for nothing', () => {
  expect(unicodeBars([0, 1, 4, 8])).toBe(' ▁▄█');
  expect(unicodeBars([0, 0])).toBe('  ');
});
