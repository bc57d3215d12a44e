import { isRefitError } from '@refit/contracts';
import { measure, measureSlices, selectPredictions, type MetricOfSlice, type Predictions } from '@refit/model-validation';
import type { ColumnTable } from '@refit/transforms';
import { impossible, type EvaluatedComparison, type EvaluationSettings, type ModelUnderTest } from './evaluation.js';
import { incomparableBecause } from './incomparable.js';
import { predictRows } from './predict-rows.js';
import { sliceColumns } from './slice-columns.js';
import { placesUnseenBy } from './unseen-rows.js';

/** A challenger that has predicted its test rows. */
export interface TestedChallenger extends ModelUnderTest {
  readonly rows: Uint32Array;
  readonly predictions: Predictions;
  /** Of the whole table. */
  readonly targets: Float64Array;
}

export interface ComparedModels {
  readonly comparison: EvaluatedComparison;
  /** Slices with too few rows to compare. */
  readonly smallSlices: readonly string[];
}

/** Challenger and champion on those of the challenger's test rows that the champion can not have been trained on either. */
export function compareModels(table: ColumnTable, challenger: TestedChallenger, champion: ModelUnderTest, settings: EvaluationSettings): ComparedModels {
  const incomparable = incomparableBecause(challenger.artifact.label, champion.artifact.label);
  if (incomparable !== undefined) return { comparison: impossible(incomparable), smallSlices: [] };
  const places = placesUnseenBy(champion.membership, table, challenger.rows);
  const rows = Uint32Array.from(places, (place) => challenger.rows[place] ?? 0);
  let championSays: Predictions;
  try {
    championSays = predictRows(champion.artifact, table, rows, challenger.targets);
  } catch (error) {
    if (isRefitError(error, 'FEATURES_MISSING')) return { comparison: impossible(error.message), smallSlices: [] };
    throw error;
  }
  const slices = sliceColumns(table, rows, settings.slices, settings.booleans);
  const metricsOf = (predictions: Predictions): { metrics: MetricOfSlice[]; small: readonly string[] } => {
    const { threshold, minimumSliceRows, compared } = settings;
    const sliced = measureSlices(predictions, { columns: slices, threshold, minimumRows: minimumSliceRows, gated: compared, onlyGated: true });
    return { metrics: [...measure(predictions, threshold), ...sliced.metrics], small: sliced.small };
  };
  const challenged = metricsOf(selectPredictions(challenger.predictions, places));
  const defended = metricsOf(championSays);
  return {
    comparison: { rows: rows.length, challenger: challenged.metrics, champion: defended.metrics, impossibleBecause: '' },
    smallSlices: challenged.small,
  };
}
