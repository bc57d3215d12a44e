import { AlertKind, DriftBaseline, FindingSeverity, type Anomaly } from '@refit/contracts';
import type { ColumnPair } from '../drift/column-counts.js';
import type { Compared } from '../drift/compared.js';
import { describeDrift } from '../drift/describe-drift.js';
import { driftLimits, minimumDriftRows } from '../drift/drift-limits.js';
import { driftMeasure } from '../drift/drift-measure.js';
import { judgeColumns, type JudgedDrift } from '../drift/judge-columns.js';
import { judgeToldApart } from '../drift/judge-told-apart.js';
import { measureColumn } from '../drift/measure-column.js';
import { anomaly, onlyAnomalies, tolerate, type Check, type Findings, type Subject } from '../finding.js';
import type { JudgedColumn } from '../judged-columns.js';
import { rowCount, some } from '../wording.js';
import { askedColumns, hasReference } from './asked-columns.js';
import { judgeDistances } from './judge-distances.js';

/**
 * How far each column's distribution has moved from the reference's, and from that of the batch before where the pipeline
 * file says so; and whether a classifier can tell the rows from the reference's.
 */
export const checkDrift: Check = (subject) => {
  const found = [...(comparesWith(subject, DriftBaseline.REFERENCE) ? [driftFromReference(subject)] : []), driftFromPrevious(subject), judgeToldApart(subject)];
  return { anomalies: found.flatMap(({ anomalies }) => anomalies), drift: found.flatMap(({ drift }) => drift) };
};

/** Without a word on it, with the reference; a window, which is made of batches, is compared with nothing else. */
const comparesWith = ({ gate: { driftAgainst }, batch }: Subject, baseline: DriftBaseline) =>
  driftAgainst.length === 0 || (batch === '' && baseline === DriftBaseline.REFERENCE) ? baseline === DriftBaseline.REFERENCE : driftAgainst.includes(baseline);

/**
 * A column has moved where the difference is more than chance and large enough to matter; with too few rows that cannot be
 * known, which is said. What cannot be computed fails. How many values are missing is measured here too, and judged
 * elsewhere; times and running numbers are not asked.
 */
function driftFromReference(subject: Subject): Findings {
  const judged = judgeDrift(subject);
  return {
    drift: judged.map((drift) => driftMeasure(subject.batch, drift)),
    anomalies: [...judged.flatMap((drift) => [...finding(subject, drift), ...judgeDistances(subject, drift)]), ...tooFewRows(subject, judged), ...withoutReference(subject)],
  };
}

/**
 * That a batch differs from the one before is no fault by itself, as the reference says what is expected: it is a warning.
 * It shows what happens at once, also where the reference is long past.
 */
function driftFromPrevious(subject: Subject): Findings {
  const { compared, expected } = subject;
  if (!compared?.previous || !expected || !comparesWith(subject, DriftBaseline.PREVIOUS)) return onlyAnomalies([]);
  const { label, statistics: reference, sample, exact } = compared.previous;
  const against: Subject = { ...subject, statistics: sample, expected: { ...expected, reference }, compared: exact ? { exact } : {} };
  const judged = judgeDrift(against).map((drift) => (drift.severity > FindingSeverity.WARNING ? { ...drift, severity: FindingSeverity.WARNING } : drift));
  return { drift: judged.map((drift) => driftMeasure(subject.batch, drift, label)), anomalies: judged.flatMap((drift) => differsFromPrevious(subject, drift, label)) };
}

function differsFromPrevious(subject: Subject, drift: JudgedDrift, label: string): readonly Anomaly[] {
  if (drift.verdict !== 'moved' || !drift.by) return [];
  const { column, by: { name, value }, limits } = drift;
  return [anomaly(subject, {
    kind: 'COMPARATOR_PREVIOUS_HIGH', severity: FindingSeverity.WARNING, alertKind: AlertKind.DISTRIBUTION, column,
    message: `${column}: the distribution differs from that of batch ${label}, ${describeDrift(drift)}`,
    observed: value.toFixed(3), expected: `below ${limits[name === 'wasserstein' ? 'wasserstein' : 'psi'].warning.toFixed(2)}`, change: tolerate('COMPARATOR_PREVIOUS_HIGH', { upTo: value }),
  })];
}

/** Every column that can be compared with the reference, with all that was measured and what to make of it. */
export function judgeDrift(subject: Subject): readonly JudgedDrift[] {
  const drifts = askedColumns(subject).filter(hasReference).map((judged) => measureColumn(pairOf(subject, judged)));
  return judgeColumns(drifts, (column) => driftLimits(subject.gate, column), minimumDriftRows(subject.gate));
}

const pairOf = ({ statistics, expected, compared }: Subject, { rule, column, reference }: JudgedColumn): ColumnPair => ({
  column: rule.name, sample: column, sampleRows: statistics.rows, domain: rule.domain,
  // Without one, a column that was not there: nothing can be computed.
  reference: reference ?? { name: rule.name, type: column.type, missing: expected?.reference.rows ?? 0, nonFinite: 0, distinct: 0 },
  referenceRows: expected?.reference.rows ?? 0,
  ...exactly(compared, rule.name),
});

function exactly(compared: Compared | undefined, column: string): Pick<ColumnPair, 'exact'> {
  const exact = compared?.exact?.get(column);
  return exact ? { exact } : {};
}

function finding(subject: Subject, drift: JudgedDrift): readonly Anomaly[] {
  const { column, verdict, severity, limits } = drift;
  const about = { alertKind: AlertKind.DISTRIBUTION, column, severity } as const;
  if (verdict === 'unknown') {
    return [anomaly(subject, {
      ...about, kind: kindOfUnknown(drift), message: `${column}: drift could not be computed, as there are no values to compare`,
      observed: 'unknown', expected: `below ${limits.psi.failure.toFixed(2)}`,
    })];
  }
  if (verdict !== 'moved' || !drift.by) return [];
  const { name, value } = drift.by;
  const kind = name === 'wasserstein' ? 'COMPARATOR_WASSERSTEIN_HIGH' : 'COMPARATOR_PSI_HIGH';
  const { warning, failure } = limits[name === 'wasserstein' ? 'wasserstein' : 'psi'];
  return [anomaly(subject, {
    ...about, kind, change: tolerate(kind, { upTo: value }),
    message: `${column}: the distribution has moved, ${describeDrift(drift)}`,
    observed: value.toFixed(3), expected: `below ${(severity === FindingSeverity.FAILURE ? failure : warning).toFixed(2)}`,
  })];
}

/** Which side has no values; both may have some, in statistics that have no bins in common. */
function kindOfUnknown({ values, referenceValues }: JudgedDrift): string {
  if (referenceValues <= 0) return 'COMPARATOR_CONTROL_DATA_MISSING';
  return values <= 0 ? 'COMPARATOR_TREATMENT_DATA_MISSING' : 'COMPARATOR_PSI_UNKNOWN';
}

/** Said once, for all such columns. */
function tooFewRows(subject: Subject, judged: readonly JudgedDrift[]): readonly Anomaly[] {
  const columns = judged.filter(({ verdict }) => verdict === 'insufficient');
  if (columns.length === 0) return [];
  const fewest = Math.min(...columns.flatMap(({ values, referenceValues }) => [values, referenceValues]));
  const needed = minimumDriftRows(subject.gate);
  return [anomaly(subject, {
    kind: 'COMPARATOR_TOO_FEW_ROWS', severity: FindingSeverity.WARNING, alertKind: AlertKind.DISTRIBUTION,
    message: `insufficient data to judge the drift of ${some(columns.map(({ column }) => column))}: ${rowCount(fewest)} with a value on one side, ${needed} needed`,
    observed: String(fewest), expected: `at least ${needed}`, change: tolerate('COMPARATOR_TOO_FEW_ROWS', { downTo: fewest }),
  })];
}

/** Said once, for all such columns. */
function withoutReference(subject: Subject): readonly Anomaly[] {
  const columns = askedColumns(subject).filter((judged) => !hasReference(judged)).map(({ rule }) => rule.name);
  if (columns.length === 0) return [];
  return [anomaly(subject, {
    kind: 'COMPARATOR_WITHOUT_REFERENCE', severity: FindingSeverity.INFO, alertKind: AlertKind.DISTRIBUTION,
    message: `the drift of ${some(columns)} is not judged: the reference does not have ${columns.length === 1 ? 'it' : 'them'} so; refit data schema reference takes another one`,
    observed: 'no reference', expected: 'a reference',
  })];
}
