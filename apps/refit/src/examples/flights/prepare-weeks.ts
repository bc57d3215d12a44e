import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DuckDBInstance } from '@duckdb/node-api';
import { RefitError } from '@refit/contracts';
import { damagedFile, damagedWeek, weekFile, weeks } from './deliveries.js';

const firstDay = "DATE '2001-01-01'";

/** Writes the six months of flights as one Parquet file a week, as they would arrive; once. */
export async function prepareWeeks(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const missing = Array.from({ length: weeks }, (_, i) => i + 1).filter((week) => !existsSync(join(folder, weekFile(week))));
  const damaged = join(folder, damagedFile);
  if (missing.length === 0 && existsSync(damaged)) return;
  const instance = await DuckDBInstance.create(':memory:', { threads: '2', memory_limit: '256MB' });
  try {
    const connection = await instance.connect();
    const flights = `read_parquet('${flightsFile()}')`;
    // The very last flight leaves at midnight after the last day: it belongs to the last week.
    const inWeek = (week: number) => `least((date::DATE - ${firstDay}) // 7 + 1, ${weeks}) = ${week}`;
    const write = async (select: string, file: string) => {
      await connection.run(`COPY (${select}) TO '${file}.part' (FORMAT parquet)`);
      renameSync(`${file}.part`, file);
    };
    for (const week of missing) await write(`SELECT * FROM ${flights} WHERE ${inWeek(week)} ORDER BY date, origin, destination, distance, delay`, join(folder, weekFile(week)));
    const corrupted = `* REPLACE (round(distance * 1.609344)::BIGINT AS distance, CASE WHEN distance % 3 = 0 THEN NULL ELSE origin END AS origin)`;
    await write(`SELECT ${corrupted} FROM read_parquet('${join(folder, weekFile(damagedWeek))}')`, damaged);
    connection.closeSync();
  } finally {
    instance.closeSync();
  }
}

function flightsFile(): string {
  try {
    return fileURLToPath(new URL('../data/flights-3m.parquet', import.meta.resolve('vega-datasets')));
  } catch (cause) {
    throw new RefitError('DATA_FILE_NOT_FOUND', 'the example data is not installed: run `npm install` with development dependencies (package vega-datasets)', { cause });
  }
}
