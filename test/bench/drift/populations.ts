import { seededRandom } from '../../support/seeded-random.ts';

/** Draws so many values of a column. NaN: missing. */
export type Draw = (rows: number) => Float64Array;

/** Columns that differ in what makes tests of drift go wrong. Categories are numbers here, which stand for their names. */
export function populations(seed: number) {
  const random = seededRandom(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const geometric = (share: number) => Math.floor(Math.log(1 - random()) / Math.log(1 - share));
  const draw = (value: () => number): Draw => (rows) => Float64Array.from({ length: rows }, value);
  return {
    numbers: {
      normal: draw(normal),
      lognormal: draw(() => Math.exp(normal())),
      'heavy ties': draw(() => (random() < 0.6 ? 0 : geometric(0.3))),
      'a fifth missing': draw(() => (random() < 0.2 ? Number.NaN : normal())),
    },
    categories: {
      'rare categories': draw(() => geometric(0.12)),
      'a thousand categories': draw(() => Math.floor(1000 * random() ** 2)),
    },
    /** A quarter of a standard deviation higher than `normal`. */
    shifted: draw(() => normal() + 0.25),
    /** 1.28 times `lognormal`. */
    scaled: draw(() => 1.28 * Math.exp(normal())),
    /** `draw` with one value of a million. */
    withOutlier: (of: Draw): Draw => (rows) => of(rows).fill(1e6, 0, 1),
  };
}
