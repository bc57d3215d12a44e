import { AlertKind, FindingSeverity } from '@refit/contracts';
import { robustScale } from '../drift/robust-scale.js';
import { anomaly, onlyAnomalies, type Check } from '../finding.js';
import type { NumericStatistics, Range } from '../statistics.js';
import { number, rowCount } from '../wording.js';
import { seenColumns } from './seen-columns.js';

/** So many rows far out are single ones; more of them are a part of the distribution. */
const mostRows = 3;
/** Of the 100 bins of equal width from the smallest to the largest value: how many between a wild value and the next are empty. */
const emptyBins = 80;
/** With one on either side, the others have the middle. */
const emptyBinsOfTwo = 35;
/** How many standard deviations, as the quartiles tell them, a wild value lies from the median at least. */
const farOut = 50;

/**
 * One value, or very few, that lie so far from all others that they cannot belong to them: a slip of the decimal point, a
 * sign for missing such as 999999. One alone spoils a mean, a scale and a linear model, and no test of distributions sees
 * it. What the reference has as well is known.
 */
export const checkWildValues: Check = (subject) => onlyAnomalies(seenColumns(subject).flatMap(({ column, rule, reference }) => {
  const { numeric } = column;
  if (!numeric || column.type === 'timestamp') return [];
  const known = (reference ? [reference.numeric, accepted(rule)] : []).filter((range) => range !== undefined);
  return wildValues(numeric)
    .filter(({ value }) => !known.some(({ minimum, maximum }) => value >= minimum && value <= maximum))
    .map(({ value, rows }) => anomaly(subject, {
      kind: 'SINGLE_WILD_VALUE', severity: FindingSeverity.WARNING, alertKind: AlertKind.FEATURE, column: column.name,
      message: `${column.name}: ${number(value)} in ${rowCount(rows)} lies far from all other values, of which most are ${number(numeric.quantiles[0] ?? Number.NaN)} to ${number(numeric.quantiles[4] ?? Number.NaN)}`,
      observed: number(value), expected: `about ${number(numeric.quantiles[0] ?? Number.NaN)} to ${number(numeric.quantiles[4] ?? Number.NaN)}`,
    }));
}));

type Rule = ReturnType<typeof seenColumns>[number]['rule'];

const accepted = (rule: Rule): Range | undefined =>
  rule && { minimum: rule.acceptedMinimum ?? rule.minimum ?? Infinity, maximum: rule.acceptedMaximum ?? rule.maximum ?? -Infinity };

/** At either end, with the number of rows that have it or lie as far out. */
export function wildValues(numeric: NumericStatistics): readonly { readonly value: number; readonly rows: number }[] {
  const { equalWidth: bins = [], minimum, maximum, quantiles } = numeric;
  // Of a column that is as good as constant, as far as from 0 is far.
  const scale = robustScale(numeric) || Math.abs(quantiles[2] ?? 0) || 1;
  const isFar = (value: number) => Math.abs(value - (quantiles[2] ?? Number.NaN)) > farOut * scale;
  const [low, high] = [endOf(bins), endOf(bins.toReversed())];
  const both = low.gap >= emptyBinsOfTwo && high.gap >= emptyBinsOfTwo;
  return [{ ...low, value: minimum }, { ...high, value: maximum }]
    .filter(({ rows, gap, value }) => rows <= mostRows && gap >= (both ? emptyBinsOfTwo : emptyBins) && isFar(value) && hasOthers(bins, rows));
}

/** The rows of the outermost bin, and how many empty ones come after it. */
function endOf([outermost = 0, ...others]: readonly number[]): { readonly rows: number; readonly gap: number } {
  const next = others.findIndex((count) => count > 0);
  return { rows: outermost, gap: next === -1 ? 0 : next };
}

/** Of very few values none is wild. */
const fewest = 50;

const hasOthers = (bins: readonly number[], rows: number) => bins.reduce((sum, count) => sum + count, 0) - rows >= fewest;
