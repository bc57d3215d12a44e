import { AlertKind, FindingSeverity } from '@refit/contracts';
import { minimumDriftRows } from '../drift/drift-limits.js';
import { anomaly, onlyAnomalies, type Check } from '../finding.js';
import { isComparable, isNumeric, judgedColumns } from '../judged-columns.js';
import type { ColumnStatistics } from '../statistics.js';
import { number } from '../wording.js';
import { isRunningNumber } from './looks-like-identifier.js';
import { unitFactors, type UnitFactor } from './unit-factors.js';

/** How far a quantile may be from where the change of units would have put it, as a share of that. */
const tolerance = 0.05;
/** Beyond this no other change of units is near, and the sampling error of a quantile may be larger. */
const wideFactor = 5;
const wideTolerance = 0.15;
/** Fewer values lie at the 5 % and 95 % quantiles, which vary more from sample to sample. */
const outer = 2;
/** So many of the five quantiles must tell: zeros remain zeros in any unit. */
const fewestTelling = 4;

/**
 * Numbers that look like the reference's in another unit: their quantiles are those of the reference times a factor that
 * units differ by (or in Fahrenheit rather than Celsius, or the reverse). A distribution that has merely moved does not
 * keep its shape so well.
 */
export const checkUnits: Check = (subject) => {
  const { statistics, gate, expected } = subject;
  const fewest = minimumDriftRows(gate);
  if (!expected || statistics.rows < fewest || expected.reference.rows < fewest) return onlyAnomalies([]);
  return onlyAnomalies(judgedColumns(subject).flatMap((judged) => {
    const { rule, column, reference } = judged;
    const changed = reference && isNumeric(rule.type) && isComparable(judged) && !isRunningNumber(reference) ? changeOfUnits(reference, column) : undefined;
    if (!changed || !reference) return [];
    const [before, now] = [medianOf(reference), medianOf(column)];
    return [anomaly(subject, {
      kind: 'UNIT_CHANGED', severity: FindingSeverity.FAILURE, alertKind: AlertKind.DISTRIBUTION, column: rule.name,
      message: `${rule.name}: as if ${changed}; all quantiles agree, the median is ${number(now)} after ${number(before)}`,
      observed: `median ${number(now)}`, expected: `median about ${number(before)}`,
    })];
  }));
};

const medianOf = ({ numeric }: ColumnStatistics) => numeric?.quantiles[2] ?? Number.NaN;

/** In words; undefined where no change of units explains the new quantiles. */
export function changeOfUnits(reference: ColumnStatistics, column: ColumnStatistics): string | undefined {
  const [before, now] = [reference.numeric?.quantiles ?? [], column.numeric?.quantiles ?? []];
  if (before.length !== 5 || now.length !== 5 || new Set(before).size < 3) return undefined;
  // Whole numbers are rounded where the unit is coarser.
  const rounding = [reference, column].some(({ type }) => type === 'integer') ? 0.5 : 0;
  const ratio = (now[2] ?? 0) / (before[2] ?? 0);
  const nearest = unitFactors.toSorted((a, b) => Math.abs(Math.log(a.factor / ratio)) - Math.abs(Math.log(b.factor / ratio)))[0];
  if (ratio > 0 && nearest && isScaled(before, now, nearest, rounding)) {
    // Where factors are near each other (1,000 and 1,024), quantiles cannot tell which it is.
    return unitFactors.filter((factor) => isScaled(before, now, factor, rounding)).map(({ told }) => told).join(', or ');
  }
  return temperature(before, now, rounding);
}

function isScaled(before: readonly number[], now: readonly number[], { factor }: UnitFactor, rounding: number): boolean {
  const within = factor > wideFactor || factor < 1 / wideFactor ? wideTolerance : tolerance;
  const isNear = (quantile: number, i: number) => Math.abs((now[i] ?? 0) - quantile * factor) <= Math.abs(quantile * factor) * within * (i === 0 || i === 4 ? outer : 1) + rounding;
  const telling = before.filter((quantile, i) => quantile !== 0 && Math.abs((now[i] ?? 0) - quantile) > rounding);
  return telling.length >= fewestTelling && before.every(isNear);
}

const scales = [
  { told: 'degrees Celsius became Fahrenheit', convert: (value: number) => value * 1.8 + 32 },
  { told: 'degrees Fahrenheit became Celsius', convert: (value: number) => (value - 32) / 1.8 },
] as const;

/** Of the spread between the outer quantiles, the share that a median must move by: near -40 the two scales are one. */
const fewestMoved = 0.25;

function temperature(before: readonly number[], now: readonly number[], rounding: number): string | undefined {
  return scales.find(({ convert }) => {
    const expected = before.map(convert);
    const spread = (expected[4] ?? 0) - (expected[0] ?? 0);
    const moved = Math.abs((expected[2] ?? 0) - (before[2] ?? 0)) > spread * fewestMoved;
    return moved && spread > 0 && expected.every((quantile, i) => Math.abs((now[i] ?? 0) - quantile) <= spread * tolerance + rounding);
  })?.told;
}
