import { GateVerdict, type Comparison, type MetricGate, type ModelEvaluated } from '@refit/contracts';
import { findEvidence, inconclusive, isDefined, rounding, titleOf, type DefinedMetric, type Judged } from './gate-evidence.js';
import { countRows, numberFormat } from './gate-numbers.js';
import { describeMetric, type MetricDescription } from './metric-catalogue.js';

/** Challenger against champion on the same rows, which neither was trained on. */
export function judgeAgainstChampion(gate: MetricGate, allowed: number, evaluated: ModelEvaluated, minimumRows: number): Judged {
  const { comparison } = evaluated;
  const title = titleOf(gate);
  if (!comparison) {
    const measured = findEvidence(evaluated.metrics, gate, evaluated, '');
    if (!isDefined(measured)) return measured;
    return { verdict: GateVerdict.NOT_APPLICABLE, message: `${title} is compared with nothing: ${evaluated.withoutChampion ? 'the run takes no champion\'s place' : 'there is no champion yet'}.` };
  }
  const champion = `the champion (v${comparison.championVersion})`;
  if (comparison.impossibleBecause !== '') {
    return inconclusive(`${title} can not be compared with ${champion}: ${comparison.impossibleBecause}.`, comparison.rows);
  }
  if (comparison.rows < minimumRows) {
    const rule = `at least ${minimumRows.toLocaleString('en-US')} are needed`;
    return inconclusive(`${title} can not be compared with ${champion}: only ${countRows(comparison.rows)} that neither was trained on, ${rule} (modelGate.minimumComparisonRows).`, comparison.rows);
  }
  return compare(gate, allowed, comparison, evaluated);
}

function compare(gate: MetricGate, allowed: number, comparison: Comparison, evaluated: ModelEvaluated): Judged {
  const description = describeMetric(gate.metric);
  const challenger = findEvidence(comparison.challenger, gate, evaluated, ' of the challenger on the rows to compare on');
  const champion = findEvidence(comparison.champion, gate, evaluated, ` of the champion (v${comparison.championVersion})`);
  if (!isDefined(challenger)) return challenger;
  if (!isDefined(champion)) return champion;
  if (challenger.rows !== champion.rows) return inconclusive(`${titleOf(gate)} was measured on different rows for challenger and champion.`);
  if (!description || !Number.isFinite(allowed)) return inconclusive(`Gate ${gate.name} can not be judged: it names no usable limit.`, challenger.rows);
  const worse = howMuchWorse(description, challenger.value, champion.value);
  return {
    verdict: worse - allowed <= rounding(champion.value) ? GateVerdict.PASS : GateVerdict.FAIL,
    value: challenger.value,
    threshold: worstAllowed(description, champion.value, allowed),
    championValue: champion.value,
    rows: challenger.rows,
    message: sentence(gate, challenger, champion, comparison, allowed),
  };
}

/** Negative when the challenger is better. */
function howMuchWorse({ better }: MetricDescription, challenger: number, champion: number): number {
  switch (better) {
    case 'higher':
      return champion - challenger;
    case 'lower':
      return challenger - champion;
    case 'zero':
      return Math.abs(challenger) - Math.abs(champion);
  }
}

/** The value that would just pass (of a metric that is better near zero: its size). */
function worstAllowed({ better }: MetricDescription, champion: number, allowed: number): number {
  if (better === 'higher') return champion - allowed;
  return (better === 'lower' ? champion : Math.abs(champion)) + allowed;
}

function sentence(gate: MetricGate, challenger: DefinedMetric, champion: DefinedMetric, comparison: Comparison, allowed: number): string {
  const difference = challenger.value - champion.value;
  const show = numberFormat(difference);
  const relation = difference === 0 ? 'equals' : `is ${show(Math.abs(difference))} ${difference < 0 ? 'below' : 'above'}`;
  const rows = countRows(challenger.rows);
  const limit = allowed < 0 ? `required: better by ${numberFormat(allowed)(-allowed)}` : `allowed ${numberFormat(allowed)(allowed)}`;
  return `${titleOf(gate)} ${show(challenger.value)} ${relation} the champion's ${show(champion.value)} (v${comparison.championVersion}) on the same ${rows}; ${limit}.`;
}
