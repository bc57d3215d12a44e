import { GateVerdict, Task, type MetricGate, type ModelEvaluated } from '@refit/contracts';
import { findEvidence, isDefined, titleOf, type Judged } from './gate-evidence.js';
import { countRows, numberFormat } from './gate-numbers.js';

/** Who guesses scores this: any constant score has ROC AUC 0.5, the mean of the labels has R² 0. */
const guesses = {
  classes: { metric: 'rocAuc', value: 0.5, guess: 'guessing gets' },
  numbers: { metric: 'r2', value: 0, guess: 'always the mean gets' },
};

/** Strictly better than knowing nothing of a row. */
export function judgeAgainstGuessing(gate: MetricGate, evaluated: ModelEvaluated, task: Task): Judged {
  const { metric, value: threshold, guess } = task === Task.REGRESSION ? guesses.numbers : guesses.classes;
  const asked = { ...gate, metric };
  const found = findEvidence(evaluated.metrics, asked, evaluated, '');
  if (!isDefined(found)) return found;
  const passes = found.value > threshold;
  const show = numberFormat(found.value - threshold);
  const relation = passes ? 'is above' : 'is not above';
  const message = `${titleOf(asked)} ${show(found.value)} on ${countRows(found.rows, 'test row')} ${relation} what ${guess}, ${show(threshold)}.`;
  return { verdict: passes ? GateVerdict.PASS : GateVerdict.FAIL, value: found.value, threshold, rows: found.rows, message };
}
