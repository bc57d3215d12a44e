import { describe, expect, it } from 'vitest';
import { number, percent, percentApart, rowCount, some } from './wording.js';

describe('numbers in sentences', () => {
  it('keep what matters', () => {
    expect([0.3338, 0, 0.00002, 1, 0.0005].map(percent)).toEqual(['33.4 %', '0.0 %', '0.002 %', '100.0 %', '0.1 %']);
    expect([7985.123456, -907.5, 1e-9].map(number)).toEqual(['7985.12', '-907.5', '1e-9']);
    expect([rowCount(1), rowCount(113_493)]).toEqual(['1 row', '113,493 rows']);
    expect(some(['a', 'b', 'c', 'd', 'e'])).toBe('a, b, c and 2 more');
  });
  it('have as many digits as it takes to tell a share from its limit', () => {
    const told = (share: number, limit: number) => [share, limit].map((value) => percentApart(share, limit)(value));
    expect(told(0.0504, 0.05)).toEqual(['5.04 %', '5.00 %']);
    expect(told(0.0500001, 0.05)).toEqual(['5.00001 %', '5.00000 %']);
    expect(told(0.08, 0.05)).toEqual(['8.0 %', '5.0 %']);
    expect(told(0.05, 0.05)).toEqual(['5.0 %', '5.0 %']);
  });
});
