import { AlertKind, FindingSeverity, type Anomaly } from '@refit/contracts';
import { anomaly, onlyAnomalies, type Check, type Subject } from '../finding.js';
import type { ColumnStatistics } from '../statistics.js';
import { number, percent, rowCount } from '../wording.js';
import { differs } from './compare-shares.js';
import { seenColumns, type SeenColumn } from './seen-columns.js';

/** Columns of one value that have several now, and the reverse; not times, and not where chance may have done it. */
export const checkConstant: Check = (subject) => onlyAnomalies(seenColumns(subject).flatMap((seen) => {
  const { column, reference, present, presentBefore } = seen;
  if (!reference || reference.type !== column.type || column.type === 'timestamp' || present === 0 || presentBefore === 0) return [];
  if (reference.distinct === 1 && column.distinct > 1) return becameVariable(subject, seen, reference);
  if (reference.distinct > 1 && column.distinct === 1) return becameConstant(subject, seen, reference);
  return [];
}));

function becameVariable(subject: Subject, { column, present, presentBefore }: SeenColumn, reference: ColumnStatistics): readonly Anomaly[] {
  const value = onlyValue(reference);
  const others = present - countOf(column, value);
  if (!differs({ count: others, of: present }, { count: 0, of: presentBefore })) return [];
  return [anomaly(subject, {
    kind: 'CONSTANT_BECAME_VARIABLE', severity: FindingSeverity.WARNING, alertKind: AlertKind.DISTRIBUTION, column: column.name,
    message: `${column.name}: was always ${value}; now ${percent(others / present)} of the values are others, ${column.distinct} different ones`,
    observed: `${column.distinct} different values`, expected: value,
  })];
}

/** That one value has all rows by chance has the probability of its share, times itself for each row. */
const unlikely = 0.001;

function becameConstant(subject: Subject, { column, present, presentBefore }: SeenColumn, reference: ColumnStatistics): readonly Anomaly[] {
  const value = onlyValue(column);
  const share = countOf(reference, value) / presentBefore;
  if (present * Math.log(share) > Math.log(unlikely)) return [];
  return [anomaly(subject, {
    kind: 'VARIABLE_BECAME_CONSTANT', severity: FindingSeverity.WARNING, alertKind: AlertKind.DISTRIBUTION, column: column.name,
    message: `${column.name}: always ${value} in ${rowCount(present)}; the reference has ${reference.distinct.toLocaleString('en-US')} different values, this one in ${percent(share)}`,
    observed: value, expected: `${reference.distinct} different values`,
  })];
}

const onlyValue = ({ top, numeric, nonFinite }: ColumnStatistics): string =>
  numeric ? number(numeric.minimum) : nonFinite > 0 ? 'not finite' : `"${(top?.[0]?.value ?? '').slice(0, 40)}"`;

/** As the most frequent value where it is a number; of numbers that are rarer, one. */
function countOf(column: ColumnStatistics, value: string): number {
  const { numeric, top = [] } = column;
  if (!numeric) return top.find((candidate) => `"${candidate.value.slice(0, 40)}"` === value)?.count ?? 0;
  if (numeric.minimum === numeric.maximum && onlyValue(column) === value) return numeric.histogram.counts.reduce((sum, count) => sum + count, 0);
  return numeric.mode && number(numeric.mode.value) === value ? numeric.mode.count : Math.min(numeric.mode?.count ?? 1, 1);
}
