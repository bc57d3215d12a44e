import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { EventStore } from '@refit/event-store';
import { openSqliteEventStore } from '@refit/event-store/sqlite';
import type { BenchResult, Figure } from './bench.ts';
import { openBareSqlite } from './event-store/bare-sqlite.ts';
import { sampleEvent } from './event-store/sample-event.ts';
import { median, quantile } from './quantiles.ts';

const inFlight = 100;
const rounds = 5;
const singlePerRound = 400;
const groupsPerRound = 60;
const writers = 6;
const contendedMs = 3000;

/** The SQLite event store beside bare `node:sqlite`, which writes as many events per transaction, as durably. */
export default async function eventStore(): Promise<BenchResult> {
  const folder = await mkdtemp(join(tmpdir(), 'refit-bench-'));
  try {
    return { bench: 'event-store', figures: [...(await besideBareSqlite(folder)), ...(await contended(folder))] };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function besideBareSqlite(folder: string): Promise<Figure[]> {
  const store = await openSqliteEventStore({ file: join(folder, 'store.db') });
  const bare = openBareSqlite(join(folder, 'bare.db'));
  const write = appender(store);
  const single: Pair = { store: [], bare: [] };
  const grouped: Pair = { store: [], bare: [] };
  const replay: Pair = { store: [], bare: [] };
  // In turns, so that what else the machine does falls on both.
  for (let round = 0; round <= rounds; round += 1) {
    single.store.push(await rate(singlePerRound, () => write(singlePerRound, 1)));
    single.bare.push(await rate(singlePerRound, () => repeat(singlePerRound, () => bare.append(group(1)))));
    grouped.store.push(await rate(groupsPerRound * inFlight, () => write(groupsPerRound * inFlight, inFlight)));
    grouped.bare.push(await rate(groupsPerRound * inFlight, () => repeat(groupsPerRound, () => bare.append(group(inFlight)))));
  }
  const written = (rounds + 1) * (singlePerRound + groupsPerRound * inFlight);
  for (let round = 0; round <= rounds; round += 1) {
    replay.store.push(await rate(written, () => readAll(store)));
    replay.bare.push(await rate(written, () => bare.replay()));
  }
  await store.close();
  bare.close();
  return [
    ...compared('appends/s, one in flight', single),
    ...compared(`appends/s, ${inFlight} in flight`, grouped),
    ...compared('replay, events/s', replay),
  ];
}

/** Rates of each round. */
interface Pair {
  readonly store: number[];
  readonly bare: number[];
}

/** The first round is for warming up. */
function compared(name: string, pair: Pair): Figure[] {
  const [store, bare] = [median(pair.store.slice(1)), median(pair.bare.slice(1))];
  const ratio = store / bare;
  return [
    { name, value: store, unit: '1/s' },
    { name: `${name}, bare SQLite`, value: bare, unit: '1/s' },
    { name: `${name}, of bare SQLite`, value: ratio, unit: '×', target: '≥ 0.6', ok: ratio >= 0.6 },
  ];
}

/** Appends so many events with so many in flight, each in a stream of its own at its exact revision. */
function appender(store: EventStore) {
  const revisions = new Map<string, number>();
  return async (count: number, concurrency: number) => {
    let left = count;
    await Promise.all(Array.from({ length: concurrency }, async (_, lane) => {
      const stream = `run-${lane}`;
      while (left-- > 0) {
        const expected = revisions.get(stream) ?? 'no-stream';
        const { revision } = await store.append(stream, [sampleEvent(left)], expected);
        revisions.set(stream, revision);
      }
    }));
  };
}

const group = (size: number) => Array.from({ length: size }, (_, stream) => ({ stream, event: sampleEvent(stream) }));

async function readAll(store: EventStore): Promise<void> {
  for await (const event of store.readAll()) if (event.revision < 0) throw new Error('Revisions count from 0.');
}

async function rate(count: number, work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return count / ((performance.now() - start) / 1000);
}

function repeat(times: number, work: () => void): void {
  for (let index = 0; index < times; index += 1) work();
}

/** Several processes that write to one file. */
async function contended(folder: string): Promise<Figure[]> {
  const file = join(folder, 'contended.db');
  const script = fileURLToPath(new URL('./event-store/contending-writer.ts', import.meta.url));
  const processes = Array.from({ length: writers }, (_, index) => fork(script, [file, `run-${index}`, String(contendedMs)]));
  await Promise.all(processes.map((child) => once(child, 'message')));
  const results = processes.map(async (child) => {
    child.send('go');
    // The writer sends one message of this shape when it is done.
    const [result] = (await once(child, 'message')) as [{ latencies: number[]; longestBlock: number }];
    return result;
  });
  const outcomes = await Promise.all(results);
  const latencies = outcomes.flatMap((outcome) => outcome.latencies);
  return [
    { name: `appends/s, ${writers} processes`, value: latencies.length / (contendedMs / 1000), unit: '1/s' },
    { name: `append, ${writers} processes, p50`, value: quantile(latencies, 0.5), unit: 'ms' },
    { name: `append, ${writers} processes, p99`, value: quantile(latencies, 0.99), unit: 'ms' },
    { name: `append, ${writers} processes, longest`, value: Math.max(...latencies), unit: 'ms' },
    { name: `longest hold of an event loop, ${writers} processes`, value: Math.max(...outcomes.map((outcome) => outcome.longestBlock)), unit: 'ms' },
  ];
}
