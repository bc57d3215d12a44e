import { AlertKind, AnomalySchema, canonicalJson, DriftMeasureSchema, DriftVerdict, event, FindingSeverity, type Anomaly, type DriftMeasure } from '@refit/contracts';
import type { Findings } from './finding.js';

/** Shares of an event's 64 KiB, in bytes of JSON. */
const anomalyBytes = 24_000;
const driftBytes = 28_000;

/**
 * Findings that fit into one event: all of them where there is room, else the severest anomalies and the most telling
 * drift (what could not be computed first, then what moved, then the largest), of steady columns only what decided; and
 * an anomaly that says how many were left out.
 */
export function boundFindings({ anomalies, drift }: Findings): Findings {
  const kept = within([...anomalies].sort((a, b) => b.severity - a.severity), anomalyBytes);
  const told = size(drift) <= driftBytes ? drift : drift.map(inBrief);
  const keptDrift = new Set(within([...told].sort(moreTelling), driftBytes));
  const lost = anomalies.length - kept.length;
  const lostDrift = drift.length - keptDrift.size;
  return {
    anomalies: lost + lostDrift > 0 ? [...kept, leftOut(lost, lostDrift)] : kept,
    drift: told.filter((measure) => keptDrift.has(measure)),
  };
}

const moreTelling = (a: DriftMeasure, b: DriftMeasure) => b.severity - a.severity || (b.value ?? Infinity) - (a.value ?? Infinity);

/** Whole where the column moved; else without what was measured beside the distances that decide. */
function inBrief(measure: DriftMeasure): DriftMeasure {
  if (measure.verdict === DriftVerdict.MOVED || measure.verdict === DriftVerdict.UNSPECIFIED) return measure;
  return event(DriftMeasureSchema, { ...measure, distances: measure.distances.filter(({ warningAt }) => warningAt !== undefined), seen: '' });
}

const size = (findings: readonly (Anomaly | DriftMeasure)[]) => findings.reduce((total, finding) => total + bytes(finding), 0);

const bytes = (finding: Anomaly | DriftMeasure) => new TextEncoder().encode(canonicalJson(finding)).length;

function within<T extends Anomaly | DriftMeasure>(findings: readonly T[], allowed: number): readonly T[] {
  let left = allowed;
  const end = findings.findIndex((finding) => (left -= bytes(finding)) < 0);
  return end === -1 ? findings : findings.slice(0, end);
}

const leftOut = (anomalies: number, drift: number): Anomaly => event(AnomalySchema, {
  kind: 'FINDINGS_LEFT_OUT', severity: FindingSeverity.INFO, alertKind: AlertKind.UNSPECIFIED,
  message: `${anomalies} further anomalies, none more severe, and ${drift} further drift measures, none more telling, are not listed; every measure is in the evidence`,
  observed: String(anomalies + drift), expected: '',
});
