import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { folderArtifactStore } from '@refit/artifacts';
import { DataFormat } from '@refit/contracts';
import { describe, expect, it } from 'vitest';
import { withDuckDb } from './duckdb.js';
import { freezeFile } from './freeze-file.js';
import { freeze, withFreezer, writeParquet } from './freeze.js';
import { computeStatistics } from './statistics/compute-statistics.js';
import { temporaryFolder } from './testing/temporary-folder.js';

const { folder, write } = temporaryFolder();
const flights = fileURLToPath(new URL('../../../node_modules/vega-datasets/data/flights-3m.parquet', import.meta.url));
const march = `SELECT * FROM read_parquet('${flights}') WHERE date >= '2001-03-01' AND date < '2001-03-20'`;

const options = async () => ({ artifacts: await folderArtifactStore(join(folder, 'artifacts')), scratch: mkdtempSync(join(folder, 'scratch-')) });

async function freezeQuery(select: string) {
  const own = await options();
  return withFreezer([flights], own, (db) => freeze(db, select, own, (frozen, file) => computeStatistics(frozen, file)));
}

describe('a frozen snapshot', () => {
  it('has the same bytes and statistics each time', async () => {
    const [once, again] = await Promise.all([freezeQuery(march), freezeQuery(march)]);
    expect(once.snapshot).toEqual(again.snapshot);
    expect(once.snapshot).toMatchObject({
      rows: 311_584,
      columns: [
        { name: 'date', type: 'TIMESTAMP' },
        { name: 'delay', type: 'BIGINT' },
        { name: 'distance', type: 'BIGINT' },
        { name: 'origin', type: 'VARCHAR' },
        { name: 'destination', type: 'VARCHAR' },
      ],
    });
  });

  it('has the same statistics to the bit on one thread and on two', async () => {
    const path = join(folder, 'floats.parquet');
    await withDuckDb({ folders: [folder] }, (db) => writeParquet(db, 'SELECT sin(range) * 1e6 AS x, range % 7 / 3 AS y FROM range(200000)', path));
    const on = (threads: number) => withDuckDb({ files: [path], threads }, (db) => computeStatistics(db, path));
    expect(await on(2)).toEqual(await on(1));
  });

  it('of a CSV has the same bytes each time, and its malformed rows counted', async () => {
    const lines = Array.from({ length: 50_000 }, (_, i) => (i === 7 ? 'ragged' : `${(i * 7919) % 1000},text ${i % 37},${Math.sin(i)}`));
    const path = write('large.csv', `a,b,c\n${lines.join('\n')}\n`);
    const file = { path, format: DataFormat.CSV, bytes: 1 };
    const [once, again] = [await freezeFile(file, await options()), await freezeFile(file, await options())];
    expect(once.snapshot).toEqual(again.snapshot);
    expect(once).toMatchObject({ malformedRows: 1, malformedLines: [9], snapshot: { rows: 49_999 } });
  });

  it('has every type brought into one of five', async () => {
    const path = join(folder, 'types.parquet');
    const select = `SELECT 1::TINYINT AS tiny, 2::HUGEINT AS huge, 1.5::DECIMAL(5,2) AS dec, DATE '2001-01-01' AS day, [1,2] AS list,
      true AS flag, TIMESTAMPTZ '2001-01-01 02:00:00+02' AS zoned, TIME '10:00:00' AS clock, 'x'::BLOB AS bytes`;
    await withDuckDb({ folders: [folder] }, (db) => writeParquet(db, select, path));
    const { snapshot, statistics } = await freezeFile({ path, format: DataFormat.PARQUET, bytes: 1 }, await options());
    expect(snapshot.columns.map(({ type }) => type)).toEqual([
      'BIGINT', 'DOUBLE', 'DOUBLE', 'TIMESTAMP', 'VARCHAR', 'BOOLEAN', 'TIMESTAMP', 'VARCHAR', 'VARCHAR',
    ]);
    expect(statistics.columns.find(({ name }) => name === 'zoned')?.numeric?.minimum).toBe(Date.UTC(2001, 0, 1));
  });

  it('may hold no rows', async () => {
    const { snapshot } = await freezeFile({ path: write('header.csv', 'a,b\n'), format: DataFormat.CSV, bytes: 1 }, await options());
    expect(snapshot.rows).toBe(0);
  });
});
