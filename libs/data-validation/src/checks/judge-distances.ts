import { AlertKind, FindingSeverity, type Anomaly } from '@refit/contracts';
import { measured } from '../drift/column-drift.js';
import { distanceLimits } from '../drift/drift-limits.js';
import type { JudgedDrift } from '../drift/judge-columns.js';
import { anomaly, tolerate, type Subject } from '../finding.js';

const distances = [
  { name: 'l-infinity', kind: 'COMPARATOR_L_INFTY_HIGH', told: 'the largest difference of a share' },
  { name: 'jensen-shannon', kind: 'COMPARATOR_JENSEN_SHANNON_DIVERGENCE_HIGH', told: 'the Jensen-Shannon divergence' },
] as const;

/** TFDV's distances against the limits that the pipeline file has for them; as there, however likely by chance, but of enough rows. */
export function judgeDistances(subject: Subject, drift: JudgedDrift): readonly Anomaly[] {
  if (drift.verdict === 'unknown' || drift.verdict === 'insufficient') return [];
  const limits = distanceLimits(subject.gate, drift.column);
  return distances.flatMap(({ name, kind, told }) => {
    const { warning = Infinity, failure = Infinity } = limits[name];
    const value = measured(drift, name)?.value ?? 0;
    if (value <= Math.min(warning, failure)) return [];
    const [severity, limit] = value > failure ? [FindingSeverity.FAILURE, failure] : [FindingSeverity.WARNING, warning];
    return [anomaly(subject, {
      kind, severity, alertKind: AlertKind.DISTRIBUTION, column: drift.column, change: tolerate(kind, { upTo: value }),
      message: `${drift.column}: ${told} from the reference is ${value.toFixed(3)}, allowed ${limit}${drift.seen === '' ? '' : `; ${drift.seen}`}`,
      observed: value.toFixed(3), expected: `at most ${limit}`,
    })];
  });
}
