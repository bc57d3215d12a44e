import { fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startBroker } from '../support/kafka/broker.ts';
import { countAnswers, readAnswers } from './arrivals/answers.ts';
import type { Flood } from './arrivals/flood.ts';
import { startTrigger, type TriggerProcess } from './arrivals/trigger-process.ts';
import type { BenchResult } from './bench.ts';
import { median, quantile } from './quantiles.ts';
import { residentMemory } from './up/resident-memory.ts';

const perSecond = 1000;
const seconds = Number(process.env['BENCH_SECONDS'] ?? 60);
const total = perSecond * seconds;
const files = 1000;
const longestWaitMs = 120_000;

const pipeline = ['version: refit/v1', 'name: plants', 'source: data/*.csv', 'dataset: plants', 'label: failed', 'trainer: linear'].join('\n');

/** A minute of arrivals, a thousand a second, from another process by way of a real broker, beside the trigger and the relay. */
export default async function arrivals(): Promise<BenchResult> {
  const folder = await mkdtemp(join(tmpdir(), 'refit-bench-'));
  const broker = await startBroker();
  let trigger: TriggerProcess | undefined;
  try {
    trigger = await startTrigger(folder, broker.brokers);
    const announced = dataFiles(trigger.dataFolder);
    trigger.apply(join(folder, 'plants.yaml'), pipeline);
    const memory = new MemoryWitness(trigger.pid);
    const sent = await flood({ brokers: broker.brokers, topic: 'refit.data-arrivals', perSecond, seconds, keys: 200, batchesPerKey: 10, files: announced });
    const atEnd = countAnswers(trigger.eventFile);
    const drainSeconds = await drained(trigger.eventFile);
    memory.stop();
    return { bench: 'arrivals', figures: [...figures(readAnswers(trigger.eventFile), sent, total - atEnd, drainSeconds), ...memory.figures()] };
  } finally {
    await trigger?.stop();
    await broker.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

function figures({ answered, repeated, letters, outOfOrder, latencies }: ReturnType<typeof readAnswers>, sent: Sent, lag: number, drainSeconds: number): BenchResult['figures'] {
  const pace = sent.sent / sent.seconds;
  return [
    { name: 'arrivals sent', value: sent.sent, unit: '' },
    { name: 'sent per second', value: pace, unit: '1/s', target: `≥ ${0.98 * perSecond}`, ok: pace >= 0.98 * perSecond },
    { name: 'answered for', value: answered, unit: '', target: `= ${total}`, ok: answered === total },
    { name: 'answered twice', value: repeated, unit: '', target: '= 0', ok: repeated === 0 },
    { name: 'dead letters', value: letters, unit: '', target: '= 0', ok: letters === 0 },
    { name: 'out of order within a key', value: outOfOrder, unit: '', target: '= 0', ok: outOfOrder === 0 },
    { name: 'not yet answered when the last was sent', value: lag, unit: '', target: `≤ ${2 * perSecond}`, ok: lag <= 2 * perSecond },
    { name: 'until all were', value: drainSeconds, unit: 's' },
    { name: 'sent → answered in the log, p50', value: median(latencies), unit: 'ms' },
    { name: 'sent → answered in the log, p99', value: quantile(latencies, 0.99), unit: 'ms' },
  ];
}

function dataFiles(folder: string): string[] {
  return Array.from({ length: files }, (_, i) => {
    const path = join(folder, `plant-${i}.csv`);
    writeFileSync(path, `at,temperature,failed\n${'2026-01-01T00:00:00Z,20.5,0\n'.repeat(20 + (i % 50))}`);
    return path;
  });
}

interface Sent {
  readonly sent: number;
  readonly seconds: number;
}

async function flood(what: Flood): Promise<Sent> {
  const outsider = fork(join(import.meta.dirname, 'arrivals', 'outsider.ts'), [JSON.stringify(what)], { execArgv: ['--disable-warning=ExperimentalWarning'], stdio: ['ignore', 2, 2, 'ipc'] });
  const ended = once(outsider, 'exit').then(([code]) => {
    throw new Error(`the outsider ended with ${code}`);
  });
  const [sent] = await Promise.race([once(outsider, 'message'), ended]);
  ended.catch(() => {}); // it ends once it has told
  return sent as Sent; // what outsider.ts sends
}

/** Seconds until nothing is missing, or nothing has come for long. */
async function drained(eventFile: string): Promise<number> {
  const start = performance.now();
  while (countAnswers(eventFile) < total && performance.now() - start < longestWaitMs) await sleep(50);
  return (performance.now() - start) / 1000;
}

/** What a process keeps in memory, second by second. */
class MemoryWitness {
  readonly #samples: number[] = [];
  readonly #timer: NodeJS.Timeout;

  constructor(pid: number) {
    this.#timer = setInterval(() => this.#samples.push(residentMemory(pid)), 1000);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** After a third of the time everything is warm. Between collections memory goes up: peaks are compared. */
  figures(): BenchResult['figures'] {
    const third = Math.floor(this.#samples.length / 3);
    const [middle, last] = [Math.max(...this.#samples.slice(third, 2 * third)), Math.max(...this.#samples.slice(2 * third))];
    return [
      { name: 'resident memory before', value: this.#samples[0] ?? NaN, unit: 'MB' },
      { name: 'its peak in the second third of the time', value: middle, unit: 'MB' },
      { name: 'its peak in the last third', value: last, unit: 'MB' },
      { name: 'last third / second third', value: last / middle, unit: '×', target: '≤ 1.15', ok: last <= 1.15 * middle },
    ];
  }
}
