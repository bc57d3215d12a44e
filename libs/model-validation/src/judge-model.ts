import { event, GateResultSchema, GateVerdict, type GateResult, type MetricGate, type ModelEvaluated, type ModelGate, type Task } from '@refit/contracts';
import { judgeAgainstChampion } from './champion-gate.js';
import { isKnown, type Judged } from './gate-evidence.js';
import { resolveMetric } from './metric-catalogue.js';
import { judgeThreshold } from './threshold-gate.js';

export interface ModelJudgement {
  /** One per gate, in the order of the pipeline file. */
  readonly results: readonly GateResult[];
  readonly verdict: 'accepted' | 'rejected';
  /** A sentence for people: what decided. */
  readonly summary: string;
}

/**
 * The model gate. Only a model that passes every gate is accepted (a comparison does not apply while there is no
 * champion): what could not be measured or compared never counts as passed.
 */
export function judgeModel(gate: ModelGate, evaluated: ModelEvaluated, task: Task): ModelJudgement {
  if (gate.metrics.length === 0) {
    return { results: [], verdict: 'rejected', summary: 'The pipeline names no model gate, so nothing can vouch for the model.' };
  }
  const results = gate.metrics.map((metricGate) => {
    const { name, slice } = metricGate;
    const metric = resolveMetric(metricGate.metric, task);
    const { rows = 0, ...judged } = judgeOne({ ...metricGate, metric }, evaluated, gate.minimumComparisonRows);
    return event(GateResultSchema, { name, metric, slice, rows, ...judged });
  });
  const failed = results.filter((r) => r.verdict !== GateVerdict.PASS && r.verdict !== GateVerdict.NOT_APPLICABLE);
  return failed.length > 0
    ? { results, verdict: 'rejected', summary: summarize(failed) }
    : { results, verdict: 'accepted', summary: summarize(results) };
}

function summarize(results: readonly GateResult[]): string {
  const shown = 5;
  const more = results.length > shown ? [`And ${results.length - shown} more gates.`] : [];
  return [...results.slice(0, shown).map((r) => r.message), ...more].join(' ');
}

function judgeOne(gate: MetricGate, evaluated: ModelEvaluated, minimumComparisonRows: number): Judged {
  if (!isKnown(evaluated.metrics, gate.metric)) {
    const known = [...new Set(evaluated.metrics.map((m) => m.name))].join(', ') || 'nothing';
    return { verdict: GateVerdict.INCONCLUSIVE, message: `The evaluation has no metric ${gate.metric}; it measured ${known}.` };
  }
  const { condition } = gate;
  switch (condition.case) {
    case 'atLeast':
    case 'atMost':
      return judgeThreshold(gate, condition.case, condition.value, evaluated);
    case 'notWorseThanChampionBy':
      return judgeAgainstChampion(gate, condition.value, evaluated, minimumComparisonRows);
    case undefined:
      return { verdict: GateVerdict.INCONCLUSIVE, message: `Gate ${gate.name} has no condition.` };
  }
}
