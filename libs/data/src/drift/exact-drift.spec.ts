import { afterAll, describe, expect, it } from 'vitest';
import { openDuckDb } from '../duckdb.js';
import { temporaryFolder } from '../testing/temporary-folder.js';
import { measureExactly } from './exact-drift.js';
import reference from './exact-drift.reference.json' with { type: 'json' };

const files = temporaryFolder();
const csv = (values: readonly (number | string)[]) => `x,t\n${values.map((value) => `${value},2018-01-01`).join('\n')}\n`;
const db = await openDuckDb({ folders: [files.folder] });
afterAll(() => db.close());

async function distances(before: readonly (number | string)[], now: readonly (number | string)[], compared: Omit<Parameters<typeof measureExactly>[3][number], 'column'> = { winsorisedAt: [-Infinity, Infinity] }, column = 'x') {
  for (const [table, values] of [['before', before], ['now', now]] as const) {
    await db.run(`CREATE OR REPLACE TABLE "${table}" AS SELECT x::DOUBLE AS x, t FROM read_csv('${files.write(`${table}.csv`, csv(values))}', types = {x: 'DOUBLE'})`);
  }
  return (await measureExactly(db, { table: 'before' }, { table: 'now' }, [{ column, ...compared }])).get(column);
}

describe('the distances between two snapshots', () => {
  it.each(reference)('are those of scipy: $name', async ({ reference: before, sample, kolmogorovSmirnov, wasserstein, winsorised, winsorisedAt }) => {
    for (const hasFewValues of [false, true]) {
      const whole = await distances(before, sample, { winsorisedAt: [-Number.MAX_VALUE, Number.MAX_VALUE], hasFewValues });
      expect(whole!.kolmogorovSmirnov).toBeCloseTo(kolmogorovSmirnov, 15);
      expect(whole!.wasserstein / wasserstein).toBeCloseTo(1, 9);
      const within = await distances(before, sample, { winsorisedAt: [winsorisedAt[0]!, winsorisedAt[1]!], hasFewValues });
      expect(within!.wasserstein / winsorised).toBeCloseTo(1, 9);
      expect(within!.kolmogorovSmirnov).toBe(whole!.kolmogorovSmirnov);
    }
  });

  it('leave out what is missing or not finite', async () => {
    expect(await distances([1, 2, '', 'nan', 'inf'], [1, '', 2, '-inf', 'nan'])).toEqual({ kolmogorovSmirnov: 0, wasserstein: 0 });
  });

  it('do not exist where one side has no number, for times, and for columns that are not there', async () => {
    expect(await distances([1, 2], ['', 'nan'])).toBeUndefined();
    expect(await distances([1], [1], undefined, 't')).toBeUndefined();
    expect(await distances([1], [1], undefined, 'none')).toBeUndefined();
  });
});
