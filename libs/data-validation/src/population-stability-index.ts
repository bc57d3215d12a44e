/**
 * Population stability index of a sample against a reference, both counted over the same bins:
 * Σ (aᵢ − eᵢ) · ln(aᵢ / eᵢ) with aᵢ and eᵢ the shares of the sample's and the reference's values in bin i
 * (N. Siddiqi, "Credit Risk Scorecards", Wiley 2006, ch. 8; it is the symmetric Kullback–Leibler divergence of
 * Jeffreys). Half a row is added to each bin, so that an empty bin gives a large value and not an infinite one.
 *
 * @returns undefined when either side has no values or the bins differ in number
 */
export function populationStabilityIndex(reference: readonly number[], sample: readonly number[]): number | undefined {
  const m = sum(reference);
  const n = sum(sample);
  if (reference.length !== sample.length || !(m > 0) || !(n > 0)) return undefined;
  const bins = reference.length;
  const index = reference.reduce((total, count, i) => {
    const expected = (count + 0.5) / (m + 0.5 * bins);
    const actual = ((sample[i] ?? Number.NaN) + 0.5) / (n + 0.5 * bins);
    return total + (actual - expected) * Math.log(actual / expected);
  }, 0);
  return Number.isFinite(index) ? index : undefined;
}

/**
 * The value that the index exceeds by chance in 1 of 100 samples of the same population: it is distributed as
 * χ²₍B−1₎ · (1/n + 1/m) (B. Yurdakul and J. Naranjo, "Statistical properties of the population stability index",
 * Journal of Risk Model Validation 14(4), 2020). Only bins that hold a value on either side count.
 */
export function chanceLimit(reference: readonly number[], sample: readonly number[]): number {
  const used = reference.filter((count, i) => count > 0 || (sample[i] ?? 0) > 0).length;
  return used < 2 ? 0 : chiSquare99(used - 1) * (1 / sum(sample) + 1 / sum(reference));
}

/**
 * The .99 quantile of χ² (E. B. Wilson and M. M. Hilferty, "The distribution of chi-square", PNAS 17, 1931): within 1 %
 * of the exact value for any number of degrees of freedom.
 */
export function chiSquare99(degreesOfFreedom: number): number {
  const z = 2.3263478740408408;
  const v = 2 / (9 * degreesOfFreedom);
  return degreesOfFreedom * (1 - v + z * Math.sqrt(v)) ** 3;
}

const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);
