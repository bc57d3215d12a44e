import type { Moments } from '../moments.js';

/** Of so many finite numbers. */
export interface PartialMoments extends Moments {
  readonly rows: number;
}

/**
 * Moments of two sets of numbers together: the pairwise formulas of T. F. Chan, G. H. Golub and R. J. LeVeque ("Updating
 * formulae and a pairwise algorithm for computing sample variances", 1979), for the third power of P. Pébay ("Formulas for
 * robust, one-pass parallel computation of covariances and arbitrary-order statistical moments", SAND2008-6212, eq. 2.1).
 *
 * Exact but for rounding: in exact arithmetic the result is that of all numbers at once, in any order of merging.
 */
export function mergeMoments(a: PartialMoments, b: PartialMoments): PartialMoments {
  if (a.rows === 0) return b;
  if (b.rows === 0) return a;
  const rows = a.rows + b.rows;
  const [x, y] = [a.rows / rows, b.rows / rows];
  const mean = a.mean * x + b.mean * y;
  // In units of the largest quantity, so that the powers of huge numbers do not overflow.
  const unit = Math.max(a.standardDeviation, b.standardDeviation, Math.min(Math.abs(b.mean / 2 - a.mean / 2) * 2, Number.MAX_VALUE)) || 1;
  const delta = b.mean / unit - a.mean / unit;
  const [p, q] = [centralPowers(a, unit), centralPowers(b, unit)];
  const second = p.second + q.second + delta ** 2 * x * b.rows;
  const third = p.third + q.third + delta ** 3 * x * b.rows * (x - y) + 3 * delta * (x * q.second - y * p.second);
  return { rows, mean, ...shapeOf(rows, second, third, unit) };
}

/** The sums of the second and third powers of deviations from the mean. */
function centralPowers({ rows, standardDeviation, skewness }: PartialMoments, unit: number): { second: number; third: number } {
  const deviation = standardDeviation / unit;
  const second = deviation ** 2 * (rows - 1);
  if (rows < 3 || second === 0) return { second, third: 0 };
  const g1 = (skewness * (rows - 2)) / Math.sqrt(rows * (rows - 1));
  return { second, third: g1 * rows * (second / rows) ** 1.5 };
}

function shapeOf(rows: number, second: number, third: number, unit: number): Pick<Moments, 'standardDeviation' | 'skewness'> {
  const variance = second / rows;
  return {
    standardDeviation: Math.min(unit * Math.sqrt(second / (rows - 1)), Number.MAX_VALUE),
    skewness: rows < 3 || variance === 0 ? 0 : ((third / rows / variance ** 1.5) * Math.sqrt(rows * (rows - 1))) / (rows - 2),
  };
}
