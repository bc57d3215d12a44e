import { AlertKind, FindingSeverity, type Anomaly } from '@refit/contracts';
import { measured } from '../drift/column-drift.js';
import { distanceLimits } from '../drift/drift-limits.js';
import type { JudgedDrift } from '../drift/judge-columns.js';
import { anomaly, tolerate, type Subject } from '../finding.js';

const distances = [
  { name: 'l-infinity', kind: 'COMPARATOR_L_INFTY_HIGH', told: 'the largest difference of a share' },
  { name: 'jensen-shannon', kind: 'COMPARATOR_JENSEN_SHANNON_DIVERGENCE_HIGH', told: 'the Jensen-Shannon divergence' },
  { name: 'histogram-jensen-shannon', kind: 'COMPARATOR_JENSEN_SHANNON_DIVERGENCE_HIGH', told: 'the Jensen-Shannon divergence of the histograms' },
] as const;

/** TFDV's distances against the limits that the pipeline file has for them; as there, however likely by chance, but of enough rows. */
export function judgeDistances(subject: Subject, drift: JudgedDrift): readonly Anomaly[] {
  if (drift.verdict === 'unknown' || drift.verdict === 'insufficient') return [];
  const limits = distanceLimits(subject.gate, drift.column);
  return distances.flatMap(({ name, kind, told }) => {
    const { warning = Infinity, failure = Infinity } = limits[name] ?? {};
    const value = measured(drift, name)?.value;
    const lowest = Math.min(warning, failure);
    if (lowest === Infinity || (value !== undefined && value <= lowest)) return [];
    const about = { kind, alertKind: AlertKind.DISTRIBUTION, column: drift.column } as const;
    if (value === undefined) {
      return [anomaly(subject, {
        ...about, severity: failure === Infinity ? FindingSeverity.WARNING : FindingSeverity.FAILURE, observed: 'unknown', expected: `at most ${lowest}`,
        message: `${drift.column}: ${told} from the reference is not known, as the reference has no histogram of it; refit data schema reference takes another one`,
      })];
    }
    const [severity, limit] = value > failure ? [FindingSeverity.FAILURE, failure] : [FindingSeverity.WARNING, warning];
    return [anomaly(subject, {
      ...about, severity, change: tolerate(kind, { upTo: value }),
      message: `${drift.column}: ${told} from the reference is ${value.toFixed(3)}, allowed ${limit}${drift.seen === '' ? '' : `; ${drift.seen}`}`,
      observed: value.toFixed(3), expected: `at most ${limit}`,
    })];
  });
}
