import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';

/** A number from 0 to 1 by row and kind: the same on every machine with this DuckDB. */
const uniform = (kind: number) => `((hash(range * 32 + ${kind}) % 1000003) / 1000003.0::DOUBLE)`;

const normal = (kind: number) => `(sqrt(-2 * ln(${uniform(kind)} + 1e-9)) * cos(2 * pi() * ${uniform(kind + 1)}))`;

/** 20 columns as tables have them: numbers of all kinds, times, truth values, text with few and with many values. */
const columns = `
  range AS id, ${uniform(1)} AS uniform, ${normal(2)} AS normal, exp(${normal(4)}) AS lognormal, CASE WHEN ${uniform(6)} < 0.1 THEN NULL ELSE round(${uniform(7)} * 1000, 2) END AS fare,
  CAST(floor(${uniform(8)} * 7) AS INTEGER) AS passengers, CAST(floor(${uniform(9)} * 265) AS INTEGER) AS zone_from, CAST(floor(${uniform(10)} * 265) AS INTEGER) AS zone_to,
  CAST(floor(${uniform(11)} * 100000) AS BIGINT) AS whole, CASE WHEN ${uniform(12)} < 0.9 THEN 0 ELSE CAST(floor(${uniform(13)} * 1000) AS INTEGER) END AS mostly_zero,
  CASE WHEN ${uniform(14)} < 0.001 THEN NULL ELSE ${uniform(15)} * 1000 END AS rarely_missing, ${uniform(16)} < 0.5 AS flag, CASE WHEN ${uniform(17)} < 0.05 THEN NULL ELSE ${uniform(18)} < 0.2 END AS half_known,
  TIMESTAMP '2018-01-01' + to_seconds(CAST(floor(${uniform(19)} * 15000000) AS BIGINT)) AS picked_up, DATE '2018-01-01' + CAST(floor(${uniform(20)} * 181) AS INTEGER) AS day,
  'city-' || CAST(floor(${uniform(21)} * 50) AS INTEGER) AS city, CASE WHEN ${uniform(22)} < 0.6 THEN 'card' WHEN ${uniform(22)} < 0.95 THEN 'cash' ELSE 'voucher' END AS payment,
  'user-' || CAST(floor(${uniform(23)} * 100000) AS INTEGER) AS person, left(md5(CAST(range AS VARCHAR)), 12) AS token,
  CASE WHEN ${uniform(24)} < 0.33 THEN NULL ELSE 'note number ' || CAST(floor(${uniform(25)} * 1000) AS INTEGER) || ' of some length' END AS note`;

/** Writes such rows as Parquet and, where asked for, as CSV, and says where. */
export async function writeMixedRows(folder: string, rows: number, csv: boolean): Promise<{ readonly parquet: string; readonly csv: string }> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '2', memory_limit: '1GB', temp_directory: join(folder, 'spill') });
  const connection = await instance.connect();
  const files = { parquet: join(folder, `mixed-${rows}.parquet`), csv: join(folder, `mixed-${rows}.csv`) };
  await connection.run(`COPY (SELECT ${columns} FROM range(${rows})) TO '${files.parquet}' (FORMAT parquet, COMPRESSION zstd)`);
  if (csv) await connection.run(`COPY (FROM '${files.parquet}') TO '${files.csv}'`);
  connection.closeSync();
  instance.closeSync();
  return files;
}
