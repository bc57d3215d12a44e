import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { withDuckDb } from '../duckdb.js';
import { writeParquet } from '../freeze.js';
import { literal } from '../sql.js';
import { temporaryFolder } from '../testing/temporary-folder.js';
import { computeStatistics } from './compute-statistics.js';
import reference from './text-forms.reference.json' with { type: 'json' };

const { folder } = temporaryFolder();

const statistics = (select: string) =>
  withDuckDb({ folders: [folder] }, async (db) => {
    const file = join(folder, 'forms.parquet');
    await writeParquet(db, select, file);
    return computeStatistics(db, file);
  });

const values = `(VALUES ${reference.values.map((value) => `(${literal(value)})`).join(', ')}) t(x)`;

describe('what a column of text holds', () => {
  it('is counted as pandas and the codecs of Python do', async () => {
    const { columns } = await statistics(`SELECT x FROM ${values}`);
    expect(columns[0]?.text?.forms).toEqual(reference.forms);
  });

  it('is counted alike where a column has too many values to group it', async () => {
    const { columns } = await statistics(`SELECT x FROM ${values} UNION ALL SELECT 'word ' || range FROM range(200000)`);
    expect(columns[0]).toMatchObject({ distinctError: expect.any(Number), text: { forms: reference.forms } });
  });

  it('is not mentioned where it is words only', async () => {
    const { columns } = await statistics(`SELECT 'word ' || range AS x FROM range(10)`);
    expect(columns[0]?.text).toEqual({ minimumLength: 6, maximumLength: 6, meanLength: 6, replaced: 0 });
  });

  it('is lacking in several columns of the same rows as pandas counts it', async () => {
    const { missingTogether = [] } = await statistics(`SELECT range AS i, CASE WHEN range % 10 <> 3 THEN range END AS a, CASE WHEN range % 20 <> 3 THEN range END AS b, CASE WHEN range % 7 <> 0 THEN range END AS c FROM range(1000)`);
    expect(Object.fromEntries(missingTogether.map(({ columns, rows }) => [columns.join(','), rows]))).toEqual(reference.together);
  });
});
