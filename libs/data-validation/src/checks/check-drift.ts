import { AlertKind, DriftMeasureSchema, event, FindingSeverity, type Anomaly, type ColumnRule, type DriftMeasure } from '@refit/contracts';
import { anomaly, type Check, type Subject } from '../finding.js';
import { isComparable, isNumeric, judgedColumns, type JudgedColumn } from '../judged-columns.js';
import { chanceLimit, populationStabilityIndex } from '../population-stability-index.js';
import type { ColumnStatistics } from '../statistics.js';
import { some } from '../wording.js';

/**
 * How far each column's distribution has moved from the reference's: the population stability index over the reference's
 * deciles or categories. A value counts only where it is larger than chance makes it with so many rows. Missing values
 * are judged elsewhere, times not at all. What cannot be computed fails.
 */
export const checkDrift: Check = (subject) => {
  const measured = judgedColumns(subject)
    .filter((judged) => judged.rule.type !== 'timestamp' && hasType(subject, judged) && hasValues(subject, judged))
    .map((judged) => measure(subject, judged));
  return {
    drift: measured.map(({ drift }) => drift),
    // Data without rows has failed as such.
    anomalies: subject.statistics.rows === 0 ? [] : [...measured.flatMap(({ drift }) => verdict(subject, drift)), ...unresolved(subject, measured)],
  };
};

interface Measured {
  readonly drift: DriftMeasure;
  readonly chance: number;
}

/** A column of another type fails elsewhere; one without a value has none that could be another. */
const hasType = ({ statistics }: Subject, judged: JudgedColumn) => isComparable(judged) || judged.column.missing === statistics.rows;

/** A column that neither the reference nor this data has a value in has not moved. */
const hasValues = ({ statistics, expected }: Subject, { column, reference }: JudgedColumn) =>
  column.missing < statistics.rows || reference === undefined || reference.missing < (expected?.reference.rows ?? 0);

function measure(subject: Subject, { rule, column, reference }: JudgedColumn): Measured {
  const { statistics, gate, batch, expected } = subject;
  const bins = reference && (isNumeric(rule.type) ? numericBins(reference, column) : categoryBins(rule, reference, expected?.reference.rows ?? 0, column, statistics.rows));
  const value = bins && populationStabilityIndex(bins.reference, bins.sample);
  const chance = bins && value !== undefined ? chanceLimit(bins.reference, bins.sample) : 0;
  return {
    chance,
    drift: event(DriftMeasureSchema, {
      column: rule.name, batch, measure: 'psi', ...(value !== undefined && { value }),
      warningAt: Math.max(gate.psiWarning, chance), failureAt: Math.max(gate.psiFailure, chance),
      rows: statistics.rows - column.missing, referenceRows: (expected?.reference.rows ?? 0) - (reference?.missing ?? 0),
    }),
  };
}

interface Bins {
  readonly reference: readonly number[];
  readonly sample: readonly number[];
}

function numericBins(reference: ColumnStatistics, column: ColumnStatistics): Bins | undefined {
  const [before, now] = [reference.numeric?.histogram, column.numeric?.histogram];
  if (!before || !now || before.edges.length !== now.edges.length || before.edges.some((edge, i) => edge !== now.edges[i])) return undefined;
  return { reference: before.counts, sample: now.counts };
}

/**
 * The reference's most frequent values; and all others together, unless the column has a domain: what lies outside that
 * is judged as unseen, and would weigh far more here, against a bin that the reference has nothing in.
 */
function categoryBins({ domain }: ColumnRule, reference: ColumnStatistics, referenceRows: number, column: ColumnStatistics, rows: number): Bins | undefined {
  if (!reference.top || column.ofReferenceTop?.length !== reference.top.length) return undefined;
  const before = reference.top.map(({ count }) => count);
  const now = column.ofReferenceTop;
  if (domain.length > 0) return { reference: before, sample: now };
  return { reference: [...before, referenceRows - reference.missing - sum(before)], sample: [...now, rows - column.missing - sum(now)] };
}

const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);

function verdict(subject: Subject, { column, value, warningAt, failureAt }: DriftMeasure): readonly Anomaly[] {
  if (value === undefined) {
    return [anomaly(subject, {
      kind: 'COMPARATOR_PSI_UNKNOWN', severity: FindingSeverity.FAILURE, alertKind: AlertKind.DISTRIBUTION, column,
      message: `${column}: drift could not be computed, as there are no values to compare`, observed: 'unknown', expected: `below ${failureAt.toFixed(2)}`,
    })];
  }
  if (value < warningAt) return [];
  const fails = value >= failureAt;
  return [anomaly(subject, {
    kind: 'COMPARATOR_PSI_HIGH', severity: fails ? FindingSeverity.FAILURE : FindingSeverity.WARNING, alertKind: AlertKind.DISTRIBUTION, column,
    message: `${column}: the distribution has moved, PSI ${value.toFixed(3)}, ${fails ? 'failure' : 'warning'} at ${(fails ? failureAt : warningAt).toFixed(2)}`,
    observed: value.toFixed(3), expected: `below ${(fails ? failureAt : warningAt).toFixed(2)}`,
  })];
}

/** Too few rows to tell a failing drift from chance: said once, for all such columns. */
function unresolved(subject: Subject, measured: readonly Measured[]): readonly Anomaly[] {
  const columns = measured.filter(({ chance }) => chance >= subject.gate.psiFailure);
  if (columns.length === 0) return [];
  const limit = Math.max(...columns.map(({ chance }) => chance)).toFixed(2);
  return [anomaly(subject, {
    kind: 'COMPARATOR_TOO_FEW_ROWS', severity: FindingSeverity.WARNING, alertKind: AlertKind.DISTRIBUTION,
    message: `too few rows to judge the drift of ${some(columns.map(({ drift }) => drift.column))}: up to a PSI of ${limit} it may be chance`,
    observed: `PSI ${limit} by chance`, expected: `below ${subject.gate.psiFailure.toFixed(2)}`,
  })];
}
