import { areaUnderCurve, aucOfParts, type HeldOutScores, type ToldApart } from '@refit/data-validation';
import type { PooledRows } from '@refit/data';
import { featureColumn, type FeatureMatrix } from '@refit/transforms';
import { boost } from '../gradient-boosting/boost.js';
import { gradientBoostingScores, type GradientBoostingModel } from '../gradient-boosting/gradient-boosting-model.js';
import { seededRandom } from '../random.js';

export interface ToldApartBy extends ToldApart {
  /** The columns that most is told by, and the AUC that is left with their values shuffled; none where nothing was told. */
  readonly columns: readonly { readonly column: string; readonly aucWithout: number }[];
}

/** Each row is scored by a model that has learnt from the other parts. */
const parts = 3;
/** Small trees, and few: enough to see what matters, without learning rows by heart. */
const settings = { trees: 20, leaves: 8, learningRate: 0.2, bins: 32, minimumRowsPerLeaf: 30, l2: 1, earlyStoppingRounds: 0 };
const mostColumnsTold = 8;
/** Below, a difference is more than chance, and it is worth asking what it is in. */
const significance = 0.01;

/**
 * Gradient boosting that learns to tell two sets of rows apart (the classifier two-sample test of D. Lopez-Paz and M. Oquab,
 * "Revisiting classifier two-sample tests", ICLR 2017), judged on rows that it has not learnt from: an AUC of .5 where they
 * come from one population. It sees differences between columns that none of them shows by itself. The same rows and seed
 * give the same numbers. Undefined where a side has too few rows, or there are no columns.
 */
export function tellApart(pooled: PooledRows, seed: number): ToldApartBy | undefined {
  const { referenceRows, sampleRows, columns } = pooled;
  if (columns.length === 0 || Math.min(referenceRows, sampleRows) < parts * settings.minimumRowsPerLeaf) return undefined;
  const features: FeatureMatrix = { rows: referenceRows + sampleRows, width: columns.length, values: pooled.values };
  const partOf = shuffledParts(referenceRows, sampleRows, seed);
  const folds = Array.from({ length: parts }, (_, part) => learnWithout(part, partOf, features, referenceRows, seed));
  const found = aucOfParts(folds.map(({ model, heldOut }) => score(model, heldOut)));
  return found && { ...found, columns: found.pValue <= significance ? tellingColumns(folds, columns, seed) : [] };
}

interface HeldOut {
  readonly features: FeatureMatrix;
  /** The first of its rows; the others are of the sample. */
  readonly referenceRows: number;
}

interface Fold {
  readonly model: GradientBoostingModel;
  readonly heldOut: HeldOut;
}

/** The part of each row, as many of either side in each, by lot: rows that come in turns would else be parted by what they are. */
function shuffledParts(referenceRows: number, sampleRows: number, seed: number): Uint8Array {
  const random = seededRandom(seed);
  const partOf = new Uint8Array(referenceRows + sampleRows).map((_, row) => row % parts);
  shuffle(partOf.subarray(0, referenceRows), random);
  shuffle(partOf.subarray(referenceRows), random);
  return partOf;
}

function learnWithout(part: number, partOf: Uint8Array, features: FeatureMatrix, referenceRows: number, seed: number): Fold {
  const isHeldOut = (row: number) => partOf[row] === part;
  const all = Uint32Array.from({ length: features.rows }, (_, row) => row);
  const [training, heldOut] = [all.filter((row) => !isHeldOut(row)), all.filter(isHeldOut)];
  const { model } = boost(
    {
      task: 'binary', classes: ['reference', 'sample'],
      training: { features: rowsOf(features, training), target: Float64Array.from(training, (row) => Number(row >= referenceRows)) },
      validation: { features: { rows: 0, width: features.width, values: new Float32Array() }, target: new Float64Array() },
    },
    settings, seed, { progress: () => undefined },
  );
  return { model, heldOut: { features: rowsOf(features, heldOut), referenceRows: heldOut.filter((row) => row < referenceRows).length } };
}

function rowsOf(features: FeatureMatrix, rows: Uint32Array): FeatureMatrix {
  const values = new Float32Array(features.width * rows.length);
  for (let f = 0; f < features.width; f++) {
    const column = featureColumn(features, f);
    for (let i = 0; i < rows.length; i++) values[f * rows.length + i] = column[rows[i]];
  }
  return { rows: rows.length, width: features.width, values };
}

function score(model: GradientBoostingModel, { features, referenceRows }: HeldOut): HeldOutScores {
  const scores = gradientBoostingScores(model, features);
  return { reference: scores.subarray(0, referenceRows), sample: scores.subarray(referenceRows) };
}

/** Of those that trees ask for, the ones without which the AUC falls most. */
function tellingColumns(folds: readonly Fold[], names: readonly string[], seed: number): ToldApartBy['columns'] {
  const uses = new Float64Array(names.length);
  for (const { model } of folds) for (const tree of model.rounds.flat()) for (const feature of tree.feature) if (feature >= 0) uses[feature] += 1;
  const used = names.map((column, feature) => ({ column, feature, uses: uses[feature] })).filter((of) => of.uses > 0).sort((a, b) => b.uses - a.uses);
  return used.slice(0, 2 * mostColumnsTold)
    .map(({ column, feature }) => ({ column, aucWithout: meanOf(folds.map(({ model, heldOut }) => areaUnderCurve(score(model, shuffled(heldOut, feature, seed))).area)) }))
    .sort((a, b) => a.aucWithout - b.aucWithout)
    .slice(0, mostColumnsTold);
}

function shuffled({ features, referenceRows }: HeldOut, feature: number, seed: number): HeldOut {
  const values = features.values.slice();
  const column = values.subarray(feature * features.rows, (feature + 1) * features.rows);
  shuffle(column, seededRandom(seed));
  return { features: { ...features, values }, referenceRows };
}

/** In place (R. Durstenfeld, "Algorithm 235: random permutation", CACM 7, 1964). */
function shuffle<T extends Float32Array | Uint8Array>(values: T, random: () => number): T {
  for (let i = values.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [values[i], values[j]] = [values[j], values[i]];
  }
  return values;
}

const meanOf = (numbers: readonly number[]) => numbers.reduce((total, x) => total + x, 0) / numbers.length;
