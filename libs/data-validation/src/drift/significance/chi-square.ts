import { complementaryErrorFunction } from './error-function.js';

/**
 * Probability that χ² with so many degrees of freedom (a whole number from 1 on) exceeds x ≥ 0: the finite sums for even
 * and odd degrees (M. Abramowitz and I. Stegun, "Handbook of Mathematical Functions", 26.4.4 and 26.4.5).
 */
export function chiSquareExceedance(x: number, degreesOfFreedom: number): number {
  if (!(x > 0)) return 1;
  const half = x / 2;
  const odd = degreesOfFreedom % 2 === 1;
  // Q(a, x/2), the regularised upper incomplete gamma function, from a = ½ or 1 upwards in steps of 1.
  let sum = odd ? complementaryErrorFunction(Math.sqrt(half)) : Math.exp(-half);
  // Logarithms, as the first terms of a large x are too small for a double while later ones are not.
  let logTerm = odd ? Math.log(2 * Math.sqrt(half / Math.PI)) - half : Math.log(half) - half;
  for (let a = odd ? 1.5 : 2; a <= degreesOfFreedom / 2; a++) {
    sum += Math.exp(logTerm);
    logTerm += Math.log(half / a);
  }
  return Math.min(sum, 1);
}
