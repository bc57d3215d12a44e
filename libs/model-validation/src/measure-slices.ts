import { measure, type MetricOfSlice } from './measure.js';
import { metricsOfTask } from './metric-catalogue.js';
import { selectPredictions, type Predictions } from './predictions.js';
import { sliceRows, type Slice, type SliceColumn } from './slice-rows.js';

export interface SliceRequest {
  readonly columns: readonly SliceColumn[];
  readonly threshold: number;
  /** A slice with fewer rows is named, but not judged. */
  readonly minimumRows: number;
  /** What gates ask for: measured wherever it stands in the order of size. */
  readonly gated: readonly { readonly metric: string; readonly slice: string }[];
}

export interface SliceMetrics {
  readonly metrics: readonly MetricOfSlice[];
  /** Names of slices with too few rows. */
  readonly small: readonly string[];
}

/** What an event can hold: it stays well under 64 KiB with this many slices of names this long. */
const limits = { slicesPerColumn: 20, slices: 60, smallSlices: 60, nameLength: 120 };

/**
 * The metrics of each value of each column: the largest slices and those that a gate names. Of each the few metrics that
 * the catalogue shows for slices, and what a gate asks for.
 */
export function measureSlices(predictions: Predictions, request: SliceRequest): SliceMetrics {
  const { judged, small } = chooseSlices(request);
  return {
    metrics: judged.flatMap(({ name, rows }) => {
      const wanted = wantedMetrics(predictions.task, request.gated.filter((g) => g.slice === name).map((g) => g.metric));
      return measure(selectPredictions(predictions, rows), request.threshold, name).filter((m) => wanted.has(m.name));
    }),
    small: small.map((slice) => slice.name),
  };
}

const wantedMetrics = (task: Predictions['task'], gated: readonly string[]): ReadonlySet<string> =>
  new Set([...metricsOfTask(task).filter((m) => m.ofSlices).map((m) => m.name), ...gated]);

/** No bound cuts off a slice that a gate names. */
function chooseSlices({ columns, minimumRows, gated }: SliceRequest): { judged: Slice[]; small: Slice[] } {
  const named = new Set(gated.map((g) => g.slice));
  const isGated = (slice: Slice) => named.has(slice.name);
  const isLarge = (slice: Slice) => slice.rows.length >= minimumRows;
  const byColumn = columns.map(sliceRows);
  const asked = byColumn.flat().filter(isGated);
  const others = byColumn.map((slices) => slices.filter((s) => !isGated(s) && s.name.length <= limits.nameLength));
  const largest = others.flatMap((slices) => slices.filter(isLarge).slice(0, limits.slicesPerColumn)).slice(0, limits.slices);
  const tooSmall = others.flat().filter((s) => !isLarge(s)).slice(0, limits.smallSlices);
  return {
    judged: [...asked.filter(isLarge), ...largest],
    small: [...asked.filter((s) => !isLarge(s)), ...tooSmall],
  };
}
