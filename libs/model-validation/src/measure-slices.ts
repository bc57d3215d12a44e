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
  readonly gated: readonly GatedMetric[];
  /** Nothing else: also of the slices that gates name, only the metrics that they ask for. */
  readonly onlyGated?: boolean;
}

/** A metric of a slice that a gate asks for. */
export interface GatedMetric {
  readonly metric: string;
  readonly slice: string;
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
      const wanted = wantedMetrics(predictions.task, name, request);
      return measure(selectPredictions(predictions, rows), request.threshold, name).filter((m) => wanted.has(m.name));
    }),
    small: small.map((slice) => slice.name),
  };
}

function wantedMetrics(task: Predictions['task'], slice: string, { gated, onlyGated = false }: SliceRequest): ReadonlySet<string> {
  const asked = gated.filter((g) => g.slice === slice).map((g) => g.metric);
  return new Set(onlyGated ? asked : [...metricsOfTask(task).filter((m) => m.ofSlices).map((m) => m.name), ...asked]);
}

/** No bound cuts off a slice that a gate names. */
function chooseSlices({ columns, minimumRows, gated, onlyGated = false }: SliceRequest): { judged: Slice[]; small: Slice[] } {
  const named = new Set(gated.map((g) => g.slice));
  const isGated = (slice: Slice) => named.has(slice.name);
  const isLarge = (slice: Slice) => slice.rows.length >= minimumRows;
  const byColumn = columns.map(sliceRows);
  const asked = byColumn.flat().filter(isGated);
  const others = onlyGated ? [] : byColumn.map((slices) => slices.filter((s) => !isGated(s) && s.name.length <= limits.nameLength));
  const largest = others.flatMap((slices) => slices.filter(isLarge).slice(0, limits.slicesPerColumn)).slice(0, limits.slices);
  const tooSmall = others.flat().filter((s) => !isLarge(s)).slice(0, limits.smallSlices);
  return {
    judged: [...asked.filter(isLarge), ...largest],
    small: [...asked.filter((s) => !isLarge(s)), ...tooSmall],
  };
}
