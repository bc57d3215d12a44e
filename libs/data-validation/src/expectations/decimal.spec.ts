import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decimalOf, toleratedRows } from './decimal.js';

describe('a share of rows', () => {
  it('is the decimal that it is written as', () => {
    expect(decimalOf(0.95)).toEqual({ units: 95n, over: 100n });
    expect(decimalOf(1)).toEqual({ units: 1n, over: 1n });
    expect(decimalOf(1.5e-7)).toEqual({ units: 15n, over: 10n ** 8n });
    expect(decimalOf(2e21)).toEqual({ units: 2n * 10n ** 21n, over: 1n });
    expect(() => decimalOf(NaN)).toThrow(RangeError);
  });

  it('tolerates just so many rows where floating point would say otherwise', () => {
    // (1 - 0.9) * 10 is 0.9999999999999998, 0.07 * 100 is 7.000000000000001, 1 - 0.35 is 0.65 but 20 * 0.65 is 13
    expect(toleratedRows(10, 0.9)).toBe(1);
    expect(toleratedRows(100, 0.93)).toBe(7);
    expect(toleratedRows(20, 0.35)).toBe(13);
    expect(toleratedRows(3, 0.34)).toBe(1);
    expect(toleratedRows(1_000_000_007, 0.999999999)).toBe(1);
    expect(toleratedRows(5, 1)).toBe(0);
  });

  it('that nobody wrote is all of them', () => {
    expect(toleratedRows(1000, 0)).toBe(0);
  });

  it('with any digits is kept at its edge and broken one row beyond it', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 4_294_967_295 }), fc.integer({ min: 1, max: 9 }), fc.bigInt(1n, 10n ** 9n), (rows, digits, some) => {
      const over = 10n ** BigInt(digits);
      const units = (some % over) + 1n;
      const mostly = Number(`${units}e-${digits}`);
      const tolerated = BigInt(toleratedRows(rows, mostly));
      const isEnough = (unexpected: bigint) => (BigInt(rows) - unexpected) * over >= units * BigInt(rows);
      expect(isEnough(tolerated)).toBe(true);
      expect(isEnough(tolerated + 1n)).toBe(false);
    }));
  });
});
