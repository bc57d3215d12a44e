import { describe, expect, it } from 'vitest';
import { seededRandom } from '../random.js';
import { tellApart } from './tell-apart.js';

const random = seededRandom(20_010_101);
const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

/** `draw` makes one row of the reference or of the sample. */
function pooled(rows: number, columns: readonly string[], draw: (isSample: boolean) => readonly number[]) {
  const values = new Float32Array(2 * rows * columns.length);
  for (let row = 0; row < 2 * rows; row++) draw(row >= rows).forEach((value, c) => (values[c * 2 * rows + row] = value));
  return { referenceRows: rows, sampleRows: rows, columns, values };
}

describe('a classifier of the rows of two snapshots', () => {
  it('sees that columns have come to agree, which none of them shows by itself', () => {
    const found = tellApart(pooled(2000, ['a', 'b', 'c'], (isSample) => {
      const [a, b, c] = [normal(), normal(), normal()];
      return [a, isSample ? 0.8 * a + 0.6 * b : b, c];
    }), 1)!;
    expect(found.auc).toBeGreaterThan(0.65);
    expect(found.interval[0]).toBeGreaterThan(0.65);
    expect(found.columns.slice(0, 2).map(({ column }) => column).sort()).toEqual(['a', 'b']);
    expect(found.columns[0]!.aucWithout).toBeLessThan(0.55);
  });

  it('sees values that have gone missing together with others', () => {
    const found = tellApart(pooled(1000, ['a', 'b'], (isSample) => {
      const a = normal();
      return [a, isSample === a > 0 ? Number.NaN : normal()];
    }), 1)!;
    expect(found.pValue).toBeLessThan(1e-9);
  });

  it('sees it in rows that come in turns, too', () => {
    let row = 0;
    const found = tellApart(pooled(900, ['a', 'b'], (isSample) => {
      const a = normal();
      return [a, isSample ? Number(a > -0.43) + Number(a > 0.43) : row++ % 3];
    }), 1)!;
    expect(found.auc).toBeGreaterThan(0.7);
  });

  it('is fooled by chance in less than 1 of 100 cases', () => {
    const alarms = Array.from({ length: 200 }, () => tellApart(pooled(300, ['a', 'b', 'c'], () => [normal(), Math.floor(random() * 5), Math.exp(normal())]), 1)!).filter(({ pValue }) => pValue <= 0.01);
    expect(alarms.length).toBeLessThanOrEqual(2);
  });

  it('finds the same in the same rows', () => {
    const rows = pooled(500, ['a', 'b'], (isSample) => [normal() + Number(isSample), normal()]);
    expect(tellApart(rows, 7)).toEqual(tellApart(rows, 7));
  });

  it('does not try with too few rows, or without columns', () => {
    expect(tellApart(pooled(80, ['a'], () => [normal()]), 1)).toBeUndefined();
    expect(tellApart(pooled(500, [], () => []), 1)).toBeUndefined();
  });
});
