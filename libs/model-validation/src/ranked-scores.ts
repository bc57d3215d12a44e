/** Scores of the positive and of the negative rows, each ascending: what every ranking metric starts from. */
export interface RankedScores {
  readonly positives: Float64Array;
  readonly negatives: Float64Array;
}

/** Sorting two plain number arrays is several times faster than sorting row indices by score. */
export function rankScores(isPositive: (row: number) => boolean, scoreOf: (row: number) => number, rows: number): RankedScores {
  const positives = new Float64Array(rows);
  const negatives = new Float64Array(rows);
  let p = 0;
  let n = 0;
  for (let row = 0; row < rows; row += 1) {
    if (isPositive(row)) positives[p++] = scoreOf(row);
    else negatives[n++] = scoreOf(row);
  }
  return { positives: positives.subarray(0, p).sort(), negatives: negatives.subarray(0, n).sort() };
}
