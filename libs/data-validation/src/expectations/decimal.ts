/** A number as the decimal that it is written as: 0.95 is 95/100, and nothing nearby. Both are whole, `over` is a power of ten. */
export interface Decimal {
  readonly units: bigint;
  readonly over: bigint;
}

/** The shortest decimal that reads as this number, which is how it was written (up to 15 digits). @throws RangeError where it is not finite */
export function decimalOf(value: number): Decimal {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/u.exec(String(value)) ?? [];
  if (whole === '') throw new RangeError(`${value} is no decimal`);
  const shift = fraction.length - Number(exponent);
  const units = BigInt(`${sign}${whole}${fraction}`);
  return shift >= 0 ? { units, over: 10n ** BigInt(shift) } : { units: units * 10n ** BigInt(-shift), over: 1n };
}

/**
 * How many of `judged` rows may be unexpected where this share of them must not be: ⌊judged · (1 − mostly)⌋, computed in
 * whole numbers. No more are tolerated, and no fewer, than the share as it is written says.
 *
 * @param mostly in (0, 1]; 0 stands for 1
 */
export function toleratedRows(judged: number, mostly: number): number {
  const { units, over } = decimalOf(mostly === 0 ? 1 : mostly);
  return Number((BigInt(judged) * (over - units)) / over);
}
