import { DriftVerdict, type Distance, type DriftMeasure, type DriftMeasurement } from '@refit/contracts';
import type { Style } from '../terminal.js';
import { shortId } from './ids.js';
import { table } from './table.js';
import { msOf, relative } from './times.js';

const verdicts: Readonly<Record<DriftVerdict, string>> = {
  [DriftVerdict.UNSPECIFIED]: '–', [DriftVerdict.STEADY]: 'steady', [DriftVerdict.MOVED]: 'moved', [DriftVerdict.TOO_FEW_ROWS]: 'too few rows', [DriftVerdict.UNKNOWN]: 'unknown',
};

/** Measurements of drift, a line for each; an approximate number says by how much it may be larger. */
export function renderMeasurements(measurements: readonly DriftMeasurement[], { style, now, filtered }: { style: Style; now: number; filtered: boolean }): string {
  if (measurements.length === 0) return filtered ? 'No measurement is like that.' : 'Nothing was measured: the first data that is accepted becomes the reference.';
  const ids = measurements.map(({ runId }) => runId);
  const titles = ['when', 'run', 'data', 'column', 'verdict', 'PSI', 'Wasserstein', 'KS', 'AUC', 'p'].map((title, i) => ({ title, align: i > 4 ? 'right' as const : 'left' as const }));
  const lines = measurements.flatMap(({ measure, runId, measuredAt }) => (measure ? [[relative(msOf(measuredAt), now), shortId(runId, ids), dataOf(measure), style.bold(measure.column || 'all columns'), verdictOf(measure, style), ...numbersOf(measure), measure.seen]] : []));
  return table([...titles, { title: 'seen' }], lines, style);
}

const dataOf = ({ batch, against }: DriftMeasure) => `${batch || 'window'}${against && ` against ${against}`}`;

const verdictOf = ({ verdict }: DriftMeasure, style: Style) => (verdict === DriftVerdict.MOVED ? style.yellow(verdicts[verdict]) : (verdicts[verdict] ?? '–'));

function numbersOf({ measure, value, pValue, distances }: DriftMeasure): readonly string[] {
  const named = (name: string) => distances.find((distance) => distance.name === name);
  const own = value === undefined ? '–' : value.toFixed(3);
  const isOfColumn = measure === 'psi';
  const p = pValue === undefined ? '–' : pValue < 1e-12 ? '< 1e-12' : pValue.toPrecision(2);
  return [isOfColumn ? own : '', withError(named('wasserstein')), withError(named('kolmogorov-smirnov')), isOfColumn ? '' : own, p];
}

const withError = (distance: Distance | undefined) => (distance ? `${distance.value.toFixed(3)}${distance.error > 0.0005 ? ` +${distance.error.toFixed(3)}` : ''}` : '');
