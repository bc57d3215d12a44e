import type { DataGate } from '@refit/contracts';
import type { DriftLimits, Limits } from './judge-columns.js';

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

export type JudgedDistance = 'l-infinity' | 'jensen-shannon' | 'histogram-jensen-shannon';

/** Of TFDV's distances, which are judged only where the pipeline file has limits for them. */
export function distanceLimits(gate: DataGate, column: string): Readonly<Partial<Record<JudgedDistance, Partial<Limits>>>> {
  const own = gate.driftLimits.find((limits) => limits.column === column);
  const ofHistograms = own?.jensenShannonOfHistograms ?? gate.jensenShannonOfHistograms ?? false;
  return {
    'l-infinity': given(own?.lInfinityWarning ?? gate.lInfinityWarning, own?.lInfinityFailure ?? gate.lInfinityFailure),
    [ofHistograms ? 'histogram-jensen-shannon' : 'jensen-shannon']: given(own?.jensenShannonWarning ?? gate.jensenShannonWarning, own?.jensenShannonFailure ?? gate.jensenShannonFailure),
  };
}

const given = (warning: number | undefined, failure: number | undefined): Partial<Limits> => ({ ...(warning !== undefined && { warning }), ...(failure !== undefined && { failure }) });
