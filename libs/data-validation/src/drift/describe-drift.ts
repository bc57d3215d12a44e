import { FindingSeverity } from '@refit/contracts';
import { measured, type DriftMeasureName } from './column-drift.js';
import type { JudgedDrift } from './judge-columns.js';

/**
 * That a column has moved, by how much, and what chance alone would do:
 * "PSI 0.361, failure at 0.25 (by chance up to 0.002), Wasserstein 0.71 σ, median 602 → 969".
 */
export function describeDrift(drift: JudgedDrift): string {
  const decisive = drift.by?.name === 'wasserstein' ? 'wasserstein' : 'psi';
  const other = decisive === 'psi' ? 'wasserstein' : 'psi';
  const limit = drift.severity === FindingSeverity.FAILURE ? `failure at ${drift.limits[decisive].failure}` : `warning at ${drift.limits[decisive].warning}`;
  const decided = sized(drift, decisive);
  return [`${decided}, ${limit}${chance(drift)}`, sized(drift, other), drift.seen].filter((part) => part !== undefined && part !== '').join(', ');
}

const chance = (drift: JudgedDrift) => {
  const limit = measured(drift, 'psi')?.chanceLimit;
  return limit === undefined ? '' : ` (${drift.by?.name === 'wasserstein' ? 'PSI ' : ''}by chance up to ${limit.toPrecision(2)})`;
};

function sized(drift: JudgedDrift, name: Extract<DriftMeasureName, 'psi' | 'wasserstein'>): string | undefined {
  const value = measured(drift, name)?.value;
  if (value === undefined) return undefined;
  return name === 'psi' ? `PSI ${value.toFixed(3)}` : `Wasserstein ${value.toFixed(2)} σ`;
}
