import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from '@refit/refit';
import type { BenchResult, Figure } from './bench.ts';
import { median } from './quantiles.ts';
import type { Standstill } from './up/loop-witness.ts';
import { RefitProcess } from './up/refit-process.ts';
import { residentMemory } from './up/resident-memory.ts';
import { seedLog } from './up/seed-log.ts';

const starts = 5;
const events = 200_000;
const restMs = 60_000;

/** `refit up` from outside: how soon it is ready, what it keeps in memory, and how long its event loop keeps anybody waiting. */
export default async function up(): Promise<BenchResult> {
  const folder = await mkdtemp(join(tmpdir(), 'refit-bench-'));
  try {
    const [empty, full] = [join(folder, 'empty'), join(folder, 'full')];
    const load: Figure = { name: 'load of the machine before, 1 min', value: loadavg()[0] ?? 0, unit: '' };
    say(`${starts} starts with an empty log`);
    const figures = [load, ready('ready, empty log', await startSeveralTimes(empty, () => rm(empty, { recursive: true, force: true })))];
    say(`writing a log of ${events.toLocaleString('en-US')} events`);
    await seedLog(full, events);
    figures.push(...(await buildReadModels(full)));
    say(`${starts} starts with that log`);
    figures.push(ready('ready, 200,000 events', await startSeveralTimes(full)));
    figures.push(...(await memoryAtRest(empty, full)));
    say(`${starts} starts without its read models`);
    figures.push(ready('ready, 200,000 events, no read models', await startSeveralTimes(full, () => withoutReadModels(full))));
    figures.push(...(await story(join(folder, 'story'))));
    return { bench: 'up', figures };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const say = (text: string) => console.error(`  … ${text}`);

const ready = (name: string, times: readonly number[]): Figure => atMost(name, median(times) / 1000, 's', 4);

const atMost = (name: string, value: number, unit: string, limit: number): Figure => ({ name, value, unit, target: `≤ ${limit}`, ok: value <= limit });

const withoutReadModels = (dataDirectory: string) => rm(join(dataDirectory, 'projections'), { recursive: true, force: true });

async function startSeveralTimes(dataDirectory: string, before: () => Promise<void> = async () => {}): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < starts; i++) {
    await before();
    const refit = await RefitProcess.start(dataDirectory);
    times.push(refit.readyMs);
    await refit.stop();
  }
  return times;
}

/** How long after it is ready the lists are complete, and how the event loop fares meanwhile. */
async function buildReadModels(dataDirectory: string): Promise<Figure[]> {
  say('building the read models from it');
  const refit = await RefitProcess.start(dataDirectory);
  const started = performance.now();
  await listsAreComplete(refit);
  const seconds = (performance.now() - started) / 1000;
  const { p999, max } = await refit.eventLoopDelay();
  const memory = residentMemory(refit.pid);
  await sleep(5000); // what the services keep for themselves is soon complete too
  await refit.stop();
  return [
    { name: 'read models of 200,000 events built in the background', value: seconds, unit: 's' },
    { name: 'event-loop delay meanwhile, p99.9', value: p999, unit: 'ms' },
    { name: 'event-loop delay meanwhile, longest', value: max, unit: 'ms' },
    { name: 'memory (RSS) meanwhile', value: memory, unit: 'MB' },
  ];
}

/** A list is answered when it is complete; a call gives up before that when it takes long. */
async function listsAreComplete({ grpc }: RefitProcess): Promise<void> {
  const client = connect(grpc);
  try {
    await patiently(() => client.admin.listRuns({ pageSize: 1 }));
    await patiently(() => client.registry.listModels({ pageSize: 1 }));
  } finally {
    client.close();
  }
}

async function patiently(call: () => Promise<unknown>, attempts = 20): Promise<void> {
  await call().catch((error: unknown) => {
    if (attempts === 1) throw error;
    return patiently(call, attempts - 1);
  });
}

async function memoryAtRest(empty: string, full: string): Promise<Figure[]> {
  say(`a rest of ${restMs / 1000} s`);
  await rm(empty, { recursive: true, force: true });
  const processes = await Promise.all([RefitProcess.start(empty), RefitProcess.start(full)]);
  await sleep(restMs);
  const [emptyMb = NaN, fullMb = NaN] = processes.map(({ pid }) => residentMemory(pid));
  await Promise.all(processes.map((refit) => refit.stop()));
  return [
    atMost('memory (RSS) 60 s after ready, empty log', emptyMb, 'MB', 300),
    atMost('memory (RSS) 60 s after ready, 200,000 events', fullMb, 'MB', 300),
  ];
}

/** The flights example from its first word to its last, and the rest after it. */
async function story(dataDirectory: string): Promise<Figure[]> {
  say('the flights example (a minute or two)');
  const report = `${dataDirectory}-standstills.json`;
  const witness = { NODE_OPTIONS: `--import ${new URL('./up/loop-witness.ts', import.meta.url).href}`, LOOP_WITNESS: report };
  const refit = await RefitProcess.start(dataDirectory, { args: ['--example', 'flights'], env: witness });
  process.kill(refit.pid, 'SIGUSR2');
  const started = performance.now();
  let peak = 0;
  const watching = setInterval(() => (peak = Math.max(peak, residentMemory(refit.pid))), 1000);
  await refit.heard('the story is told');
  const seconds = (performance.now() - started) / 1000;
  clearInterval(watching);
  const { p50, p999, max } = await refit.eventLoopDelay();
  process.kill(refit.pid, 'SIGUSR2');
  say(`a rest of ${restMs / 1000} s`);
  await sleep(restMs);
  const rested = residentMemory(refit.pid);
  await refit.stop();
  const standstills: Standstill[] = JSON.parse(await readFile(report, 'utf8'));
  return [
    atMost('the story', seconds, 's', 180),
    { name: 'event-loop delay in the story, p50', value: p50, unit: 'ms' },
    atMost('event-loop delay in the story, p99.9', p999, 'ms', 50),
    { name: `event-loop delay in the story, longest (${standstills[0]?.cause})`, value: max, unit: 'ms' },
    ...standstills.slice(1).map(({ ms, cause }, i) => ({ name: `  number ${i + 2} (${cause})`, value: ms, unit: 'ms' })),
    { name: 'memory (RSS) in the story, most', value: peak, unit: 'MB' },
    atMost('memory (RSS) 60 s after the story', rested, 'MB', 450),
  ];
}
