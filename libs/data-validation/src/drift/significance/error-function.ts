/**
 * Complementary error function for x ≥ 0, to about 1e-15 relative: the Taylor series of erf where it is short, else the
 * continued fraction of erfc (M. Abramowitz and I. Stegun, "Handbook of Mathematical Functions", 7.1.6 and 7.1.14).
 */
export function complementaryErrorFunction(x: number): number {
  if (!(x >= 0)) throw new RangeError(`expected a number from 0 on; found ${x}`);
  return x < 2 ? 1 - errorFunctionSeries(x) : continuedFraction(x);
}

/** erf(x) = 2/√π · e^(−x²) · Σ 2ⁿ x^(2n+1) / (1 · 3 · … · (2n+1)): no term is negative, so nothing cancels. */
function errorFunctionSeries(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; term > sum * Number.EPSILON; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

/** √π · e^(x²) · erfc(x) = 1 / (x + ½ / (x + 1 / (x + 1½ / (x + …)))), from far enough in outwards. */
function continuedFraction(x: number): number {
  let tail = x;
  for (let n = 120; n >= 1; n--) tail = x + n / 2 / tail;
  return Math.exp(-x * x) / (Math.sqrt(Math.PI) * tail);
}
