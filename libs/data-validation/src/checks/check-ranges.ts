import { AlertKind, FindingSeverity, type Anomaly, type ColumnRule, type DataGate, type DataSchema } from '@refit/contracts';
import { anomaly, onlyAnomalies, type Check, type Subject } from '../finding.js';
import { isNumeric, judgedColumns } from '../judged-columns.js';
import type { ColumnStatistics, NumericStatistics, Range } from '../statistics.js';
import { number, percent, rowCount } from '../wording.js';
import { isRunningNumber } from './looks-like-identifier.js';

/** A few outliers in many rows are a warning; more of them than this share are another range. */
const tolerableShare = 0.01;

/** Numbers far outside the range of the reference. Times and running numbers are left out: they only ever go on. */
export const checkRanges: Check = (subject) => onlyAnomalies(
  judgedColumns(subject).flatMap(({ rule, column, reference }) => {
    const range = allowedRange(rule, subject.gate);
    const { numeric } = column;
    if (!range || !numeric || !isNumeric(column.type) || (reference && isRunningNumber(reference))) return [];
    const judge = (side: 'above' | 'below') => violation(subject, rule, numeric, range, side, kindOf(rule, reference, side));
    return [...judge('above'), ...judge('below')];
  }),
);

/** By column: what the gate lets numbers lie between. Statistics to be judged are computed with these. */
export const allowedRanges = (schema: DataSchema, gate: DataGate): ReadonlyMap<string, Range> =>
  new Map(schema.columns.flatMap((rule) => {
    const range = allowedRange(rule, gate);
    return range ? [[rule.name, range] as const] : [];
  }));

/** The margin is a share of the reference's range, however far what was accepted since goes: it does not grow with it. */
function allowedRange({ type, minimum, maximum, acceptedMinimum = minimum, acceptedMaximum = maximum }: ColumnRule, { rangeMargin }: DataGate): Range | undefined {
  if (!isNumeric(type) || minimum === undefined || maximum === undefined) return undefined;
  const margin = (maximum - minimum) * rangeMargin;
  return { minimum: Math.min(minimum, acceptedMinimum ?? minimum) - margin, maximum: Math.max(maximum, acceptedMaximum ?? maximum) + margin };
}

/** Whole numbers that are truth values in the reference have TFDV's names for those. */
function kindOf({ type }: ColumnRule, reference: ColumnStatistics | undefined, side: 'above' | 'below'): string {
  const size = side === 'above' ? 'BIG' : 'SMALL';
  if (type !== 'integer') return `FLOAT_TYPE_${size}_FLOAT`;
  return `${reference?.semantic === 'boolean' ? 'BOOL' : 'INT'}_TYPE_${size}_INT`;
}

function violation(subject: Subject, { name }: ColumnRule, numeric: NumericStatistics, range: Range, side: 'above' | 'below', kind: string): readonly Anomaly[] {
  const extreme = side === 'above' ? numeric.maximum : numeric.minimum;
  const bound = side === 'above' ? range.maximum : range.minimum;
  if (side === 'above' ? extreme <= bound : extreme >= bound) return [];
  const counted = numeric.outside?.range.minimum === range.minimum && numeric.outside.range.maximum === range.maximum ? numeric.outside[side] : undefined;
  // Not counted within this range: any number of rows may lie outside.
  const share = counted === undefined ? 1 : counted / Math.max(subject.statistics.rows, 1);
  const towards = side === 'above' ? 'up' : 'down';
  return [anomaly(subject, {
    kind,
    severity: share > tolerableShare ? FindingSeverity.FAILURE : FindingSeverity.WARNING, alertKind: AlertKind.FEATURE, column: name,
    message: `${name}: ${towards} to ${number(extreme)}, allowed ${towards} to ${number(bound)}${counted === undefined ? '' : `; ${rowCount(counted)} (${percent(share)}) lie ${side}`}`,
    observed: number(extreme), expected: `${number(range.minimum)} to ${number(range.maximum)}`,
    change: { case: side === 'above' ? 'maximum' : 'minimum', value: extreme },
  })];
}
