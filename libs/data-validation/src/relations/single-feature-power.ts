/** The labels of one bin of a feature, in each half of the rows. */
export interface FeatureBin {
  readonly halves: readonly [BinSums, BinSums];
}

/** Number of labels, their sum, and the sum of their squares; of a class, 1 for its rows and 0 for others. */
export interface BinSums {
  readonly rows: number;
  readonly sum: number;
  readonly squares: number;
}

/**
 * ROC AUC of telling a class by a feature alone: every bin is scored by the share that the class has of it in one half of
 * the rows, and the scores are judged on the other; both ways, averaged. So a feature that has a bin for every row is
 * not taken for a telling one. Undefined where a half has rows of one kind only.
 */
export const binnedAuc = (bins: readonly FeatureBin[]): number | undefined => bothWays(bins, auc);

/** The same for a number: share of the variance of one half that the other's means of each bin explain, at least 0. */
export const binnedR2 = (bins: readonly FeatureBin[]): number | undefined => bothWays(bins, r2);

type Judge = (scored: readonly { readonly score: number; readonly judged: BinSums }[]) => number | undefined;

function bothWays(bins: readonly FeatureBin[], judge: Judge): number | undefined {
  const values = ([0, 1] as const).map((fitted) => {
    const all = bins.reduce((total, { halves }) => added(total, halves[fitted]), { rows: 0, sum: 0, squares: 0 });
    const overall = all.sum / all.rows;
    // Half a dozen rows are worth as much as what is known of all of them.
    return judge(bins.map(({ halves }) => ({ score: (halves[fitted].sum + overall * priorRows) / (halves[fitted].rows + priorRows), judged: halves[1 - fitted] ?? halves[fitted] })));
  });
  const [one, other] = values;
  return one === undefined || other === undefined ? undefined : (one + other) / 2;
}

const priorRows = 6;

const added = (a: BinSums, b: BinSums): BinSums => ({ rows: a.rows + b.rows, sum: a.sum + b.sum, squares: a.squares + b.squares });

/** Mann–Whitney: of all pairs of a row of the class and one of the others, the share where the former scores higher; ties count half. */
const auc: Judge = (scored) => {
  const byScore = Map.groupBy(scored, ({ score }) => score);
  let [negativesBelow, pairs, positives] = [0, 0, 0];
  for (const score of [...byScore.keys()].sort((a, b) => a - b)) {
    const { rows, sum } = (byScore.get(score) ?? []).reduce((total, { judged }) => added(total, judged), { rows: 0, sum: 0, squares: 0 });
    pairs += sum * (negativesBelow + (rows - sum) / 2);
    negativesBelow += rows - sum;
    positives += sum;
  }
  return positives > 0 && negativesBelow > 0 ? pairs / (positives * negativesBelow) : undefined;
};

const r2: Judge = (scored) => {
  const all = scored.reduce((total, { judged }) => added(total, judged), { rows: 0, sum: 0, squares: 0 });
  const total = all.squares - all.sum ** 2 / all.rows;
  const rest = scored.reduce((left, { score, judged }) => left + judged.squares - 2 * score * judged.sum + judged.rows * score ** 2, 0);
  return total > 0 ? Math.max(1 - rest / total, 0) : undefined;
};
