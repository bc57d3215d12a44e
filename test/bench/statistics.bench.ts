import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BenchResult, Figure } from './bench.ts';
import { median } from './quantiles.ts';
import { gateMonths } from './statistics/gate-months.ts';
import { writeMixedRows } from './statistics/mixed-rows.ts';
import { timePeers } from './statistics/peers.ts';

/** REFIT_BENCH_ROWS, where 5 million are too many. */
const rows = Number(process.env['REFIT_BENCH_ROWS'] ?? 5_000_000);
const rounds = 3;
const peerRows = 100_000;

/** Statistics of 20 mixed columns beside DuckDB's own SUMMARIZE of the same file; the whole gate on small files; what others take. */
export default async function statistics(): Promise<BenchResult> {
  const folder = await mkdtemp(join(tmpdir(), 'refit-bench-'));
  try {
    return { bench: 'statistics', figures: [...(await besideSummarize(folder)), ...(await wholeGate(folder)), ...(await besidePeers(folder))] };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface Measured {
  readonly seconds: number;
  readonly megabytes: number;
}

async function besideSummarize(folder: string): Promise<Figure[]> {
  const files = await writeMixedRows(folder, rows, true);
  const parquet = await inTurns(files.parquet, folder);
  const csv = await inTurns(files.csv, folder);
  const fewer = await measure('refit', (await writeMixedRows(folder, rows / 4, false)).parquet, folder);
  const largest = Math.max(...[...parquet.refit, ...csv.refit].map(({ megabytes }) => megabytes));
  const growth = median(parquet.refit.map(({ megabytes }) => megabytes)) / fewer.megabytes;
  return [
    ...compared('Parquet', parquet),
    ...compared('CSV', csv),
    { name: 'most memory', value: largest, unit: 'MB', target: '< 600', ok: largest < 600 },
    { name: 'memory with four times the rows', value: growth, unit: '×', target: '≤ 1.25', ok: growth <= 1.25 },
  ];
}

/** In turns, so that what else the machine does falls on both. */
async function inTurns(file: string, folder: string): Promise<{ readonly refit: readonly Measured[]; readonly summarize: readonly Measured[] }> {
  const found = { refit: [] as Measured[], summarize: [] as Measured[] };
  for (let round = 0; round < rounds; round += 1) {
    found.summarize.push(await measure('summarize', file, folder));
    found.refit.push(await measure('refit', file, folder));
  }
  return found;
}

async function measure(work: 'refit' | 'summarize', file: string, folder: string): Promise<Measured> {
  const child = fork(fileURLToPath(new URL('./statistics/measured-process.ts', import.meta.url)), [work, file, folder]);
  const [measured] = (await once(child, 'message')) as [Measured]; // the only message it sends
  return measured;
}

function compared(format: string, { refit, summarize }: { readonly refit: readonly Measured[]; readonly summarize: readonly Measured[] }): Figure[] {
  const [ours, theirs] = [refit, summarize].map((measured) => median(measured.map(({ seconds }) => seconds)));
  const ratio = (ours ?? Number.NaN) / (theirs ?? Number.NaN);
  return [
    { name: `${format}, ${rows / 1e6} M rows × 20 columns`, value: ours ?? Number.NaN, unit: 's' },
    { name: `${format}, DuckDB's SUMMARIZE`, value: theirs ?? Number.NaN, unit: 's' },
    { name: `${format}, of SUMMARIZE`, value: ratio, unit: '×', target: '≤ 1', ok: ratio <= 1 },
  ];
}

async function wholeGate(folder: string): Promise<Figure[]> {
  const { name, seconds, refused } = await gateMonths(folder);
  return [
    { name: `whole gate, ${name}`, value: seconds, unit: 's', target: '< 2', ok: seconds < 2 },
    { name: 'refused of them', value: refused, unit: '', target: '0', ok: refused === 0 },
  ];
}

async function besidePeers(folder: string): Promise<Figure[]> {
  const { parquet } = await writeMixedRows(folder, peerRows, false);
  const { seconds } = await measure('refit', parquet, folder);
  const peers = await timePeers(parquet);
  const name = `${peerRows.toLocaleString('en-US')} rows × 20 columns`;
  return [{ name: `${name}, from the file`, value: seconds, unit: 's' }, ...peers.map((peer) => ({ name: `${name} in memory, ${peer.name}`, value: peer.seconds, unit: 's' }))];
}
