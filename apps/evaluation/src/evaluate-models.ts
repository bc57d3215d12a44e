import { measure, measureSlices } from '@refit/model-validation';
import { labelTargets, membershipColumns, type ColumnTable } from '@refit/transforms';
import { compareModels } from './compare-models.js';
import type { Evaluation, EvaluationSettings, ModelUnderTest } from './evaluation.js';
import { predictRows } from './predict-rows.js';
import { sliceColumns } from './slice-columns.js';
import { testRows } from './unseen-rows.js';

/** The columns of a snapshot that an evaluation reads. */
export function evaluatedColumns(snapshot: readonly string[], models: readonly ModelUnderTest[], slices: readonly string[]): string[] {
  const needed = new Set([
    ...slices,
    ...models.flatMap(({ artifact, membership }) => [
      artifact.label.column, ...artifact.signature.inputs.map((input) => input.column), ...membershipColumns(membership),
    ]),
  ]);
  return snapshot.filter((column) => needed.has(column));
}

/**
 * The challenger's metrics on the rows that it was not trained on, overall and per slice, and its comparison with the
 * champion where there is one.
 *
 * @throws RefitError LABEL_MISSING, FEATURES_MISSING when the challenger does not fit the table
 */
export function evaluateModels(
  table: ColumnTable,
  challenger: ModelUnderTest,
  champion: ModelUnderTest | undefined,
  settings: EvaluationSettings,
  progress: (fraction: number, message: string) => void = () => {},
): Evaluation {
  const targets = labelTargets(challenger.artifact.label, table);
  const rows = testRows(challenger.membership, table, targets);
  progress(0.3, `the challenger predicts ${rows.length} test rows`);
  const predictions = predictRows(challenger.artifact, table, rows, targets);
  progress(0.6, 'metrics');
  const { threshold, slices, minimumSliceRows, gated, booleans } = settings;
  const sliced = measureSlices(predictions, {
    columns: sliceColumns(table, rows, slices, booleans), threshold, minimumRows: minimumSliceRows, gated,
  });
  const evaluation: Evaluation = {
    testRows: rows.length, metrics: [...measure(predictions, threshold), ...sliced.metrics], smallSlices: sliced.small,
  };
  if (!champion) return evaluation;
  progress(0.8, 'the champion predicts the same rows');
  const { comparison, smallSlices } = compareModels(table, { ...challenger, rows, predictions, targets }, champion, settings);
  return { ...evaluation, comparison, smallSlices: [...new Set([...sliced.small, ...smallSlices])] };
}
