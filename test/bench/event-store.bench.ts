import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { EventStore, NewEvent } from '@refit/event-store';
import { openSqliteEventStore } from '@refit/event-store/sqlite';
import type { BenchResult, Figure } from './bench.ts';
import { openBareSqlite } from './event-store/bare-sqlite.ts';
import { eventsPerStream, sampleEvent } from './event-store/sample-event.ts';
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
    const few = freshEvents(singlePerRound);
    single.store.push(await rate(singlePerRound, () => write(few, 1)));
    single.bare.push(await rate(singlePerRound, () => few.forEach((event) => bare.append([event]))));
    const many = freshEvents(groupsPerRound * inFlight);
    grouped.store.push(await rate(many.length, () => write(many, inFlight)));
    grouped.bare.push(await rate(many.length, () => inGroups(many, (group) => bare.append(group))));
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

/** Appends events with so many in flight, each of these to one stream after the other, at its exact revision. */
function appender(store: EventStore) {
  const counts = new Map<number, number>();
  return async (events: readonly NewEvent[], concurrency: number) => {
    const left = events.values();
    await Promise.all(Array.from({ length: concurrency }, async (_, lane) => {
      for (const event of left) {
        const count = counts.get(lane) ?? 0;
        counts.set(lane, count + 1);
        const revision = count % eventsPerStream;
        await store.append(`run-${lane}-${count - revision}`, [event], revision === 0 ? 'no-stream' : revision - 1);
      }
    }));
  };
}

const freshEvents = (count: number) => Array.from({ length: count }, (_, number) => sampleEvent(number));

function inGroups(events: readonly NewEvent[], write: (group: readonly NewEvent[]) => void): void {
  for (let first = 0; first < events.length; first += inFlight) write(events.slice(first, first + inFlight));
}

async function readAll(store: EventStore): Promise<void> {
  for await (const event of store.readAll()) if (event.revision < 0) throw new Error('Revisions count from 0.');
}

async function rate(count: number, work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return count / ((performance.now() - start) / 1000);
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
