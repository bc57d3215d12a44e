import { countValues, exactDistances } from '@refit/data-validation';
import type { Draw } from './populations.ts';

/**
 * How often Evidently's rule for numbers, which from 1,000 rows on is its default, says "drift" of two samples of one
 * population: the Wasserstein-1 distance is at least a tenth of the reference's standard deviation (with divisor n). It does
 * not ask what chance does.
 */
export function wassersteinRuleRate(draw: Draw, rows: number, times: number): number {
  const found = Array.from({ length: times }, () => {
    const [reference, sample] = [draw(rows), draw(rows)];
    const { wasserstein = 0 } = exactDistances(countValues(reference), countValues(sample)) ?? {};
    return wasserstein >= 0.1 * Math.max(deviation(reference), 0.001);
  });
  return found.filter(Boolean).length / times;
}

function deviation(values: Float64Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}
