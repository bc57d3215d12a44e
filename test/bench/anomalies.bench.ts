import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FindingSeverity } from '@refit/contracts';
import { computeStatistics, withDuckDb, withPreparedFile, type LabelChoice } from '@refit/data';
import type { BenchResult, Figure } from './bench.ts';
import { judgeParts, judgeTable, type Told } from './anomalies/judge-parts.ts';

const flights = fileURLToPath(new URL('../../node_modules/vega-datasets/data/flights-3m.parquet', import.meta.url));
const late: LabelChoice = { column: 'delay', above: 15 };

/**
 * How often the data gate's default limits tell something of data in which nothing has happened, and whether neighbouring
 * months of taxi rides pass. Real data other than the flights is read where REFIT_BENCH_DATA names its folder.
 */
export default async function anomalies(): Promise<BenchResult> {
  const folder = process.env['REFIT_BENCH_DATA'];
  const told: [string, Told][] = [];
  await withDuckDb({ files: [flights] }, async (db) => {
    await db.run(`CREATE TABLE flights AS SELECT * FROM read_parquet('${flights}') LIMIT 230000`);
    told.push(['flights, parts of 23,000 rows', await judgeParts(db, 'flights', late, 10)]);
    told.push(['flights, parts of 300 rows', await judgeParts(db, 'flights', late, 766, 40)]);
  });
  if (folder !== undefined) {
    for (const [name, file, label, parts] of [['adult', 'adult.csv', 'class', 10], ['bike rentals', 'bike_hour.csv', 'cnt', 6], ['taxi rides of a month', 'nyc_taxi/2018-03.csv', 'total_amount', 5]] as const) {
      await withPreparedFile(join(folder, file), {}, async (db, { source }) => {
        if ('table' in source) told.push([`${name}, ${parts} parts`, await judgeParts(db, `"${source.table}"`, { column: label }, parts)]);
      });
    }
    told.push(['taxi, neighbouring months', await neighbouringMonths(join(folder, 'nyc_taxi'))]);
  }
  printTable(told);
  return { bench: 'anomalies', figures: told.flatMap(([name, found]) => figures(name, found)) };
}

const months = ['01', '02', '03', '04', '05', '06'];

/** Each of six months against the one before. */
async function neighbouringMonths(folder: string): Promise<Told> {
  const found: Told['anomalies'][number][] = [];
  let before: Awaited<ReturnType<typeof computeStatistics>> | undefined;
  for (const month of months) {
    before = await withPreparedFile(join(folder, `2018-${month}.csv`), {}, async (db, { source }) => {
      if (before && 'table' in source) found.push(...(await judgeTable(db, source.table, { column: 'total_amount' }, before)).anomalies);
      return computeStatistics(db, source);
    });
  }
  return { batches: months.length - 1, anomalies: found };
}

const failuresOf = ({ anomalies: found }: Told) => found.filter(({ severity }) => severity === FindingSeverity.FAILURE).length;

const figures = (name: string, found: Told): readonly Figure[] => [
  { name: `${name}: failures`, value: failuresOf(found), unit: '', target: '0', ok: failuresOf(found) === 0 },
  { name: `${name}: warnings a batch`, value: (found.anomalies.length - failuresOf(found)) / found.batches, unit: '' },
];

/** For people, beside the figures: what is told, of how many batches. */
function printTable(told: readonly (readonly [string, Told])[]): void {
  for (const [name, { batches, anomalies: found }] of told) {
    console.log(`  ${name}: ${batches} batches, ${found.length === 0 ? 'nothing told' : ''}`);
    for (const [kind, some] of Map.groupBy(found, ({ kind: of, column }) => `${of} ${column}`)) console.log(`    ${String(some.length).padStart(3)} × ${kind}`);
  }
}
