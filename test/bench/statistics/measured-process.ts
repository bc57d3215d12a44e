import { DuckDBInstance } from '@duckdb/node-api';
import { computeStatistics, withPreparedFile } from '@refit/data';

/** One kind of work on one file, in a process of its own: how long it takes, and how much memory. */
const [work = '', file = '', scratch = ''] = process.argv.slice(2);
const memoryLimit = '224MB';

const works: Readonly<Record<string, () => Promise<unknown>>> = {
  refit: () => withPreparedFile(file, { memoryLimit }, (db, { source }) => computeStatistics(db, source)),
  summarize,
};

const start = performance.now();
await works[work]?.();
process.send?.({ seconds: (performance.now() - start) / 1000, megabytes: process.resourceUsage().maxRSS / 1024 });
process.disconnect();

async function summarize(): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '2', memory_limit: memoryLimit, temp_directory: scratch });
  const connection = await instance.connect();
  await (await connection.run(`SUMMARIZE SELECT * FROM '${file}'`)).getRowObjectsJS();
  connection.closeSync();
  instance.closeSync();
}
