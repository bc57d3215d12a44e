import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { defaultDataGate } from '@refit/contracts';
import { computeStatistics, withPreparedFile } from '@refit/data';
import { allowedRanges, inferSchema, judgeData, type DatasetStatistics } from '@refit/data-validation';
import { writeMixedRows } from './mixed-rows.ts';

export interface GatedMonths {
  readonly name: string;
  readonly seconds: number;
  readonly refused: number;
}

/** The whole gate on six files of 10,000 rows: each read, described and judged against the stored reference, which the first is. */
export async function gateMonths(folder: string): Promise<GatedMonths> {
  const { name, files } = await months(folder);
  const gate = defaultDataGate();
  const reference = await statisticsOf(files[0] ?? '');
  const schema = inferSchema(reference);
  const start = performance.now();
  let refused = 0;
  for (const file of files) {
    const judgement = await withPreparedFile(file, {}, async (db, { source, malformedRows }) => {
      const statistics = await computeStatistics(db, source, { reference, ranges: allowedRanges(schema, gate) });
      return judgeData({ batch: file, statistics, malformedRows, gate, expected: { schema, reference } });
    });
    if (judgement.verdict === 'fail') refused += 1;
  }
  return { name, seconds: (performance.now() - start) / 1000, refused };
}

const statisticsOf = (file: string): Promise<DatasetStatistics> => withPreparedFile(file, {}, (db, { source }) => computeStatistics(db, source));

/** Real ones where REFIT_BENCH_DATA names a folder that has nyc_taxi in it. */
async function months(folder: string): Promise<{ name: string; files: readonly string[] }> {
  const data = process.env['REFIT_BENCH_DATA'];
  if (data !== undefined) {
    const taxi = join(data, 'nyc_taxi');
    return { name: 'six months of taxi rides', files: readdirSync(taxi).filter((name) => name.endsWith('.csv')).sort().map((name) => join(taxi, name)) };
  }
  const { csv } = await writeMixedRows(folder, 10_000, true);
  return { name: 'six times 10,000 generated rows', files: Array.from({ length: 6 }, () => csv) };
}
