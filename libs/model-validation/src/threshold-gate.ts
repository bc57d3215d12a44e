import { GateVerdict, type MetricGate, type ModelEvaluated } from '@refit/contracts';
import { findEvidence, inconclusive, isDefined, rounding, titleOf, type Judged } from './gate-evidence.js';
import { countRows, numberFormat } from './gate-numbers.js';

/** A fixed bound on the challenger's own test rows. */
export function judgeThreshold(gate: MetricGate, bound: 'atLeast' | 'atMost', threshold: number, evaluated: ModelEvaluated): Judged {
  const metric = findEvidence(evaluated.metrics, gate, evaluated, '');
  if (!isDefined(metric)) return metric;
  const { value, rows } = metric;
  if (!Number.isFinite(threshold)) return inconclusive(`Gate ${gate.name} has no usable threshold.`, rows);
  const distance = bound === 'atLeast' ? threshold - value : value - threshold;
  const passes = distance <= rounding(threshold);
  return { verdict: passes ? GateVerdict.PASS : GateVerdict.FAIL, value, threshold, rows, message: sentence() };

  function sentence(): string {
    const show = numberFormat(distance);
    const subject = `${titleOf(gate)} ${show(value)} on ${countRows(rows, 'test row')} is`;
    if (bound === 'atLeast') {
      return passes ? `${subject} at least the required ${show(threshold)}.` : `${subject} ${show(distance)} below the required ${show(threshold)}.`;
    }
    return passes ? `${subject} at most the allowed ${show(threshold)}.` : `${subject} ${show(distance)} above the allowed ${show(threshold)}.`;
  }
}
