import type { Moments } from '../distances/winsorised-moments.js';
import { normalExceedance } from './normal.js';

/**
 * Two-sided test that two populations have the same mean, whatever their variances (B. L. Welch, "The generalization of
 * Student's problem when several different population variances are involved", Biometrika 34, 1947), for samples of some
 * hundred values, where t is normal.
 */
export function welchTest(a: Moments, b: Moments): number {
  const standardError = Math.sqrt(a.variance / a.rows + b.variance / b.rows);
  if (a.mean === b.mean) return 1;
  return standardError > 0 ? normalExceedance((a.mean - b.mean) / standardError) : 0;
}
