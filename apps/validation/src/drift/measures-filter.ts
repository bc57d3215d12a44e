import { timestampMs } from '@bufbuild/protobuf/wkt';
import { DriftVerdict, RefitError, type DriftMeasure, type ListDriftRequest } from '@refit/contracts';
import type { MeasuredRun } from './measured-runs.js';

const verdicts: Readonly<Record<string, DriftVerdict>> = {
  steady: DriftVerdict.STEADY, moved: DriftVerdict.MOVED, 'too-few-rows': DriftVerdict.TOO_FEW_ROWS, unknown: DriftVerdict.UNKNOWN,
};
const measures = ['psi', 'domain-classifier'];

export interface MeasuresFilter {
  readonly ofRun: (run: MeasuredRun) => boolean;
  readonly ofMeasure: (measure: DriftMeasure) => boolean;
}

/** Which measurements are asked for; what is empty is not asked. @throws RefitError REQUEST_INVALID for a verdict or measure that there is not */
export function measuresFilter({ dataset, pipeline, since, until, column, batch, verdict, measure }: ListDriftRequest): MeasuresFilter {
  requireOneOf('verdict', verdict, Object.keys(verdicts));
  requireOneOf('measure', measure, measures);
  const asks = (wanted: string, found: string) => wanted === '' || wanted === found;
  const [from, to] = [since ? timestampMs(since) : -Infinity, until ? timestampMs(until) : Infinity];
  return {
    ofRun: (run) => asks(dataset, run.dataset) && asks(pipeline, run.pipeline) && run.measuredAt >= from && run.measuredAt < to,
    ofMeasure: (found) => asks(column, found.column) && asks(batch, found.batch) && asks(measure, found.measure) && (verdict === '' || found.verdict === verdicts[verdict]),
  };
}

function requireOneOf(field: string, value: string, known: readonly string[]): void {
  if (value === '' || known.includes(value)) return;
  throw new RefitError('REQUEST_INVALID', `${field} is ${JSON.stringify(value.slice(0, 50))}; it must be one of ${known.join(', ')}`);
}
