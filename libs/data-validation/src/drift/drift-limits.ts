import type { DataGate } from '@refit/contracts';
import type { DriftLimits } from './judge-columns.js';

/** The gate's limits of a column: its own where the pipeline file has some, else those of all. */
export function driftLimits(gate: DataGate, column: string): DriftLimits {
  const own = gate.driftLimits.find((limits) => limits.column === column);
  return {
    psi: { warning: own?.psiWarning ?? gate.psiWarning, failure: own?.psiFailure ?? gate.psiFailure },
    wasserstein: {
      warning: own?.wassersteinWarning ?? gate.wassersteinWarning ?? defaultLimits.wasserstein.warning,
      failure: own?.wassersteinFailure ?? gate.wassersteinFailure ?? defaultLimits.wasserstein.failure,
    },
  };
}

/** Of a gate that says nothing. */
export const defaultLimits: DriftLimits = { psi: { warning: 0.1, failure: 0.25 }, wasserstein: { warning: 0.1, failure: 0.5 } };

/** With fewer values on either side, drift is not judged. */
export const minimumDriftRows = (gate: Pick<DataGate, 'driftMinimumRows'>): number => gate.driftMinimumRows ?? 300;

/** Of TFDV's distances, which are judged only where the pipeline file has limits for them. */
export function distanceLimits(gate: DataGate, column: string): Readonly<Record<'l-infinity' | 'jensen-shannon', { readonly warning: number | undefined; readonly failure: number | undefined }>> {
  const own = gate.driftLimits.find((limits) => limits.column === column);
  return {
    'l-infinity': { warning: own?.lInfinityWarning ?? gate.lInfinityWarning, failure: own?.lInfinityFailure ?? gate.lInfinityFailure },
    'jensen-shannon': { warning: own?.jensenShannonWarning ?? gate.jensenShannonWarning, failure: own?.jensenShannonFailure ?? gate.jensenShannonFailure },
  };
}
