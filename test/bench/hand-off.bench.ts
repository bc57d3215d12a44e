import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { BenchResult } from './bench.ts';
import { startHandOff, type HandOff } from './hand-off/hand-off-system.ts';
import { appendsPerRun } from './hand-off/runs-of-nothing.ts';
import { whereTimeGoes } from './hand-off/where-time-goes.ts';
import { median, quantile } from './quantiles.ts';

const alone = 200;
const together = 1500;
const inFlight = 64;

/** A run of eight steps that do nothing, from trigger to completed, beside the bare SQLite appends that it needs. */
export default async function handOff(): Promise<BenchResult> {
  const folder = await mkdtemp(join(tmpdir(), 'refit-bench-'));
  const system = await startHandOff(folder);
  try {
    await times(50, () => system.run()); // warm-up
    const latencies = await times(alone, () => system.run());
    const bare = bareAppends(join(folder, 'bare.sqlite'), appendsPerRun, alone);
    const parts = await whereTimeGoes(system);
    const throughput = await runsPerSecond(system);
    return {
      bench: 'hand-off',
      figures: [
        { name: 'run alone, p50', value: median(latencies), unit: 'ms', target: '≤ 25', ok: median(latencies) <= 25 },
        { name: 'run alone, p99', value: quantile(latencies, 0.99), unit: 'ms' },
        ...parts,
        { name: `${appendsPerRun} bare SQLite appends, p50`, value: median(bare), unit: 'ms' },
        { name: 'run alone / bare appends', value: median(latencies) / median(bare), unit: '×', target: '≤ 3', ok: median(latencies) <= 3 * median(bare) },
        { name: `runs/s, ${inFlight} in flight`, value: throughput, unit: '1/s', target: '≥ 150', ok: throughput >= 150 },
      ],
    };
  } finally {
    await system.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function times(n: number, action: () => Promise<unknown>): Promise<number[]> {
  const took: number[] = [];
  for (let i = 0; i < n; i++) {
    const start = performance.now();
    await action();
    took.push(performance.now() - start);
  }
  return took;
}

/** As many transactions of about the same size, durable, one after the other. */
function bareAppends(file: string, appends: number, rounds: number): number[] {
  const db = new DatabaseSync(file);
  db.exec(`PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;
    CREATE TABLE events (position INTEGER PRIMARY KEY AUTOINCREMENT, stream INTEGER, revision INTEGER, id TEXT, type TEXT, data TEXT, metadata TEXT,
      UNIQUE(stream, revision), UNIQUE(stream, id))`);
  const insert = db.prepare('INSERT INTO events (stream, revision, id, type, data, metadata) VALUES (?, ?, ?, ?, ?, ?)');
  const data = JSON.stringify({ filler: 'x'.repeat(400) });
  const took: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const start = performance.now();
    for (let i = 0; i < appends; i++) {
      db.exec('BEGIN IMMEDIATE');
      insert.run(round, i, `0190-7000-8000-${round}-${i}`, 'refit.run.v1.StepClaimed', data, '{}');
      db.exec('COMMIT');
    }
    took.push(performance.now() - start);
  }
  db.close();
  return took;
}

async function runsPerSecond(system: HandOff): Promise<number> {
  let left = together;
  const start = performance.now();
  await Promise.all(Array.from({ length: inFlight }, async () => {
    while (left-- > 0) await system.run();
  }));
  return together / ((performance.now() - start) / 1000);
}
