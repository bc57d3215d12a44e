import { describe, expect, it } from 'vitest';
import { number, percent, rowCount, some } from './wording.js';

describe('numbers in sentences', () => {
  it('keep what matters', () => {
    expect([0.3338, 0, 0.00002, 1, 0.0005].map(percent)).toEqual(['33.4 %', '0.0 %', '0.002 %', '100.0 %', '0.1 %']);
    expect([7985.123456, -907.5, 1e-9].map(number)).toEqual(['7985.12', '-907.5', '1e-9']);
    expect([rowCount(1), rowCount(113_493)]).toEqual(['1 row', '113,493 rows']);
    expect(some(['a', 'b', 'c', 'd', 'e'])).toBe('a, b, c and 2 more');
  });
});
