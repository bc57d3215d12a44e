import { event, GateResultSchema, GateVerdict, type GateResult, type MetricGate, type ModelEvaluated, type ModelGate, type Task } from '@refit/contracts';
import { judgeAgainstChampion } from './champion-gate.js';
import { inconclusive, isKnown, titleOf, type Judged } from './gate-evidence.js';
import { countRows } from './gate-numbers.js';
import { judgeAgainstGuessing } from './guessing-gate.js';
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
  const judgements = gate.metrics.map((metricGate) => {
    const { name, slice } = metricGate;
    const metric = resolveMetric(metricGate.metric, task);
    const { rows = 0, ...judged } = judgeOne({ ...metricGate, metric }, evaluated, task, gate.minimumComparisonRows);
    return event(GateResultSchema, { name, metric, slice, rows, ...judged });
  });
  const results = [...judgements, ...judgeNovelty(evaluated)];
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

/** The champion itself, trained again on the same data, is not news. */
function judgeNovelty({ artifactHash, comparison }: ModelEvaluated): readonly GateResult[] {
  if (!comparison || artifactHash === '' || comparison.championArtifactHash !== artifactHash) return [];
  const message = `The model is the champion (v${comparison.championVersion}) itself, to the byte: nothing new was learned, so nothing is registered.`;
  return [event(GateResultSchema, { name: 'something new', verdict: GateVerdict.FAIL, message, rows: comparison.rows })];
}

function judgeOne(gate: MetricGate, evaluated: ModelEvaluated, task: Task, minimumRows: number): Judged {
  if (!isKnown(evaluated.metrics, gate.metric)) {
    const known = [...new Set(evaluated.metrics.map((m) => m.name))].join(', ') || 'nothing';
    return { verdict: GateVerdict.INCONCLUSIVE, message: `The evaluation has no metric ${gate.metric}; it measured ${known}.` };
  }
  if (evaluated.testRows < minimumRows) {
    const rule = `at least ${minimumRows.toLocaleString('en-US')} are needed (modelGate.minimumComparisonRows)`;
    return inconclusive(`${titleOf(gate)} means little: there are only ${countRows(evaluated.testRows, 'test row')}, ${rule}.`, evaluated.testRows);
  }
  const { condition } = gate;
  switch (condition.case) {
    case 'atLeast':
    case 'atMost':
      return judgeThreshold(gate, condition.case, condition.value, evaluated);
    case 'notWorseThanChampionBy':
      return judgeAgainstChampion(gate, condition.value, evaluated, minimumRows);
    case 'betterThanGuessing':
      return judgeAgainstGuessing(gate, evaluated, task);
    case undefined:
      return { verdict: GateVerdict.INCONCLUSIVE, message: `Gate ${gate.name} has no condition.` };
  }
}
