import { normalExceedance } from './significance/normal.js';

/** How well rows of a sample can be told from rows of the reference, by scores that are higher where a row looks more like the sample. */
export interface ToldApart {
  /** Of the reference and of the sample that were scored. */
  readonly referenceRows: number;
  readonly sampleRows: number;
  /** ROC AUC: how often a row of the sample has a higher score than one of the reference; .5: they cannot be told apart. */
  readonly auc: number;
  /** At least 95 of 100 such intervals hold the AUC. */
  readonly interval: readonly [low: number, high: number];
  /** How often chance alone makes it as large where nothing has changed. */
  readonly pValue: number;
}

/** Scores of rows that the model which gave them has not seen. */
export interface HeldOutScores {
  readonly reference: Float64Array;
  readonly sample: Float64Array;
}

/**
 * AUC of scores that several models gave, each to a part of the rows that it has not learnt from: the mean of the parts', as
 * scores of two models cannot be ranked together. Within a part the variance is that of E. DeLong, D. DeLong and D.
 * Clarke-Pearson ("Comparing the areas under two or more correlated receiver operating characteristic curves", Biometrics
 * 44, 1988), without a difference that of the Mann–Whitney test. Models that have learnt from many of the same rows err
 * alike, by an amount that is not known: the deviation of the mean is taken as the mean of the deviations, which it never
 * exceeds. So chance alone makes a p-value of .01 in less than 1 of 100 cases. Undefined without rows on a side.
 */
export function aucOfParts(parts: readonly HeldOutScores[]): ToldApart | undefined {
  if (parts.length === 0 || parts.some(({ reference, sample }) => reference.length < 2 || sample.length < 2)) return undefined;
  const areas = parts.map(areaUnderCurve);
  const auc = meanOf(areas.map(({ area }) => area));
  const z = (auc - 0.5) / meanOf(parts.map(({ reference: { length: m }, sample: { length: n } }) => Math.sqrt((m + n + 1) / (12 * m * n))));
  return {
    referenceRows: sum(parts.map(({ reference }) => reference.length)), sampleRows: sum(parts.map(({ sample }) => sample.length)),
    auc, interval: intervalOf(auc, meanOf(areas.map(({ variance }) => Math.sqrt(variance)))), pValue: z > 0 ? normalExceedance(z) / 2 : 1 - normalExceedance(z) / 2,
  };
}

/** Of a normal distribution of the log odds, so that it stays between 0 and 1. */
function intervalOf(auc: number, deviation: number): readonly [number, number] {
  if (auc <= 0 || auc >= 1) return [auc, auc];
  const [centre, width] = [Math.log(auc / (1 - auc)), (1.959964 * deviation) / (auc * (1 - auc))];
  return [1 / (1 + Math.exp(width - centre)), 1 / (1 + Math.exp(-width - centre))];
}

export function areaUnderCurve({ reference, sample }: HeldOutScores): { readonly area: number; readonly variance: number } {
  const [x, y] = [reference.toSorted(), sample.toSorted()];
  // What share of the other side each row is above (or below), a tie counting half.
  const ofSample = sharesBelow(y, x);
  const ofReference = sharesBelow(x, y).map((share) => 1 - share);
  const area = mean(ofSample);
  return { area, variance: varianceOf(ofReference) / x.length + varianceOf(ofSample) / y.length };
}

/** For each of `values`, ascending, what share of `others`, ascending too, lies below. */
function sharesBelow(values: Float64Array, others: Float64Array): Float64Array {
  let [below, notAbove] = [0, 0];
  return values.map((value) => {
    while (below < others.length && (others[below] ?? 0) < value) below++;
    while (notAbove < others.length && (others[notAbove] ?? 0) <= value) notAbove++;
    return (below + notAbove) / 2 / others.length;
  });
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, x) => total + x, 0);
const meanOf = (numbers: readonly number[]) => sum(numbers) / numbers.length;
const mean = (numbers: Float64Array) => numbers.reduce((total, x) => total + x, 0) / numbers.length;

function varianceOf(numbers: Float64Array): number {
  const centre = mean(numbers);
  return numbers.reduce((total, x) => total + (x - centre) ** 2, 0) / (numbers.length - 1);
}
