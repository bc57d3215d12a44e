import { GateVerdict, type GateResult, type Metric, type MetricGate, type ModelEvaluated } from '@refit/contracts';
import { describeMetric } from './metric-catalogue.js';

/** What a gate found, without what it was asked. */
export type Judged = Pick<GateResult, 'verdict' | 'message'> & Partial<Pick<GateResult, 'value' | 'threshold' | 'championValue' | 'rows'>>;

/** A metric that has a value. */
export type DefinedMetric = Metric & { readonly value: number };

export const isKnown = (metrics: readonly Metric[], name: string): boolean => metrics.some((m) => m.name === name);

/** The metric that a gate asks for, or the reason why it can not be judged. */
export function findEvidence(metrics: readonly Metric[], gate: MetricGate, evaluated: ModelEvaluated, whose: string): DefinedMetric | Judged {
  const subject = titleOf(gate);
  const found = metrics.find((m) => m.name === gate.metric && m.slice === gate.slice);
  if (!found) {
    const why = evaluated.smallSlices.includes(gate.slice)
      ? 'the slice has too few rows'
      : gate.slice === '' ? 'it was not measured' : 'no row is in the slice, or its column holds no categories';
    return inconclusive(`${subject}${whose} is not known: ${why}.`);
  }
  if (!isDefined(found)) return inconclusive(`${subject}${whose} is undefined: ${found.undefinedBecause || 'no reason was given'}.`, found.rows);
  return found;
}

export const inconclusive = (message: string, rows = 0): Judged => ({ verdict: GateVerdict.INCONCLUSIVE, message, rows });

export const isDefined = (metric: Metric | Judged): metric is DefinedMetric => 'slice' in metric && metric.value !== undefined && Number.isFinite(metric.value);

/** `ROC AUC`, `Log loss of origin=ATL`. */
export function titleOf({ metric, slice }: MetricGate): string {
  const title = describeMetric(metric)?.title ?? metric;
  return slice === '' ? title : `${title} of ${slice.length > 80 ? `${slice.slice(0, 80)}…` : slice}`;
}

/**
 * Differences below this share of the values are rounding, not performance: 0.716 − 0.714 is a little more than 0.002 in
 * floating point and must not fail a gate that allows 0.002.
 */
export const rounding = (value: number): number => 1e-12 * Math.max(1, Math.abs(value));
