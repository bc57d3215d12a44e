import { AlertKind, AnomalySchema, canonicalJson, event, FindingSeverity, type Anomaly, type DriftMeasure } from '@refit/contracts';
import type { Findings } from './finding.js';

/** Shares of an event's 64 KiB, in bytes of JSON. */
const anomalyBytes = 24_000;
const driftBytes = 20_000;

/**
 * Findings that fit into one event: all of them where there is room, else the severest anomalies and the largest drift
 * (what could not be computed first), and an anomaly that says how many were left out.
 */
export function boundFindings({ anomalies, drift }: Findings): Findings {
  const kept = within([...anomalies].sort((a, b) => b.severity - a.severity), anomalyBytes);
  const keptDrift = new Set(within([...drift].sort((a, b) => (b.value ?? Infinity) - (a.value ?? Infinity)), driftBytes));
  const lost = anomalies.length - kept.length;
  const lostDrift = drift.length - keptDrift.size;
  return {
    anomalies: lost + lostDrift > 0 ? [...kept, leftOut(lost, lostDrift)] : kept,
    drift: drift.filter((measure) => keptDrift.has(measure)),
  };
}

function within<T extends Anomaly | DriftMeasure>(findings: readonly T[], bytes: number): readonly T[] {
  let left = bytes;
  const end = findings.findIndex((finding) => (left -= new TextEncoder().encode(canonicalJson(finding)).length) < 0);
  return end === -1 ? findings : findings.slice(0, end);
}

const leftOut = (anomalies: number, drift: number): Anomaly => event(AnomalySchema, {
  kind: 'FINDINGS_LEFT_OUT', severity: FindingSeverity.INFO, alertKind: AlertKind.UNSPECIFIED,
  message: `${anomalies} further anomalies, none more severe, and ${drift} further drift measures, none larger, are not listed`,
  observed: String(anomalies + drift), expected: '',
});
