import { isRefitError } from '@refit/contracts';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { workerPool, type WorkerPool } from './index.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'refit-workers-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** A job file with this source as its default export. */
async function job(name: string, source: string): Promise<URL> {
  const path = join(folder, `${name}.mjs`);
  await writeFile(path, `import { RefitError } from '${new URL('../../contracts/dist/index.js', import.meta.url).href}';\nexport default ${source};\n`);
  return pathToFileURL(path);
}

function pool(options: { threads?: number; memoryLimitMb?: number; idleMs?: number } = {}): WorkerPool {
  const made = workerPool({ threads: 1, memoryLimitMb: 128, logger: { error: () => undefined }, ...options });
  onTestFinished(() => made.close());
  return made;
}

const never = new AbortController().signal;
const failureOf = (work: Promise<unknown>): Promise<unknown> => work.then(() => expect.unreachable('the job should fail'), (error: unknown) => error);

describe('a worker pool', () => {
  it('answers what the job returns, typed arrays included', async () => {
    const double = await job('double', '(values) => values.map((v) => 2 * v)');
    expect(await pool().run(double, Float64Array.of(1, 2.5), { signal: never })).toEqual(Float64Array.of(2, 5));
  });

  it('hands on the code, message and details of a RefitError', async () => {
    const refuse = await job('refuse', `() => { throw new RefitError('LABEL_UNUSABLE', 'one class', { details: [{ message: 'all no', line: 3 }] }); }`);
    const error = await failureOf(pool().run(refuse, 0, { signal: never }));
    expect(isRefitError(error, 'LABEL_UNUSABLE')).toBe(true);
    expect(error).toMatchObject({ message: 'one class', details: [{ message: 'all no', line: 3 }] });
  });

  it('hands on any other error as unclassified, with where it was thrown', async () => {
    const fault = await job('fault', `() => { throw new TypeError('x is not a function'); }`);
    const error = await failureOf(pool().run(fault, 0, { signal: never }));
    expect(isRefitError(error)).toBe(false);
    expect(error).toMatchObject({ name: 'TypeError', message: 'x is not a function', stack: expect.stringContaining('fault.mjs') });
  });

  it('asks a job to stop, and keeps the thread of one that does', async () => {
    const workers = pool();
    const polite = await job('polite', `(told, { signal, progress }) => new Promise((_, reject) => {
      signal.addEventListener('abort', () => { Atomics.add(told, 0, 1); reject(new Error('stopped')); });
      progress(0, 'waiting');
    })`);
    const told = new Int32Array(new SharedArrayBuffer(4));
    const controller = new AbortController();
    const running = workers.run(polite, told, { signal: controller.signal, progress: () => controller.abort(new Error('cancelled')) });
    expect(await failureOf(running)).toMatchObject({ message: 'cancelled' });
    expect(told[0]).toBe(1);
  });

  it('does not end a thread in the middle of native work', async () => {
    const workers = pool();
    const native = await job('native', `(ended, { native, progress }) => native(async () => {
      progress(0, 'in it');
      await new Promise((resolve) => setTimeout(resolve, 1200));
      Atomics.store(ended, 0, 1);
    })`);
    const ended = new Int32Array(new SharedArrayBuffer(4));
    const controller = new AbortController();
    const running = workers.run(native, ended, { signal: controller.signal, progress: () => controller.abort(new Error('cancelled')) });
    expect(await failureOf(running)).toMatchObject({ message: 'cancelled' });
    expect(ended[0]).toBe(1);
  });

  it('stops a busy loop within 2 s of the abort, and goes on with the next job', async () => {
    const workers = pool();
    const count = await job('count', '(counter, { progress }) => { for (;;) { Atomics.add(counter, 0, 1); progress(0, "counting"); } }');
    const counter = new Int32Array(new SharedArrayBuffer(4));
    const controller = new AbortController();
    const running = workers.run(count, counter, { signal: controller.signal, progress: () => controller.abort(new Error('cancelled')) });

    expect(await failureOf(running)).toMatchObject({ message: 'cancelled' });
    await expect.poll(async () => stoodStill(counter), { timeout: 2000 }).toBe(true);
    expect(await workers.run(await job('one', '() => 1'), 0, { signal: never })).toBe(1);
  });

  it('never starts a job that was aborted while it waited', async () => {
    const workers = pool();
    const mark = await job('mark', '(counter) => { Atomics.add(counter, 0, 1); return new Promise((r) => setTimeout(r, 50)); }');
    const counter = new Int32Array(new SharedArrayBuffer(4));
    const controller = new AbortController();
    const first = workers.run(mark, counter, { signal: never });
    const second = workers.run(mark, counter, { signal: controller.signal });
    controller.abort(new Error('not needed'));

    expect(await failureOf(second)).toMatchObject({ message: 'not needed' });
    await first;
    expect(counter[0]).toBe(1);
  });

  it.each([
    ['heap', '() => { const kept = []; for (;;) kept.push({ at: kept.length }); }'],
    ['array buffers', '() => { const kept = []; for (;;) { kept.push(new Float64Array(1e5).fill(1)); } }'],
  ])('fails a job whose %s pass the limit with TRAINING_FAILED, not the process', async (name, source) => {
    const workers = pool({ memoryLimitMb: 64 });
    const greedy = await job(name.replace(' ', '-'), source);
    expect(isRefitError(await failureOf(workers.run(greedy, 0, { signal: never })), 'TRAINING_FAILED')).toBe(true);
    expect(await workers.run(await job('two', '() => 2'), 0, { signal: never })).toBe(2);
  });

  it('reports a thread that died as WORKER_LOST, which may be tried again', async () => {
    const workers = pool();
    const error = await failureOf(workers.run(await job('exit', '() => process.exit(3)'), 0, { signal: never }));
    expect(isRefitError(error, 'WORKER_LOST') && error.retryable).toBe(true);
    expect(await workers.run(await job('three', '() => 3'), 0, { signal: never })).toBe(3);
  });

  it('passes progress on, a few times a second', async () => {
    const chatty = await job('chatty', '(_, { progress }) => { const end = performance.now() + 350; while (performance.now() < end) progress(0.5, "half"); }');
    const seen: string[] = [];
    await pool().run(chatty, 0, { signal: never, progress: (fraction, message) => seen.push(`${fraction} ${message}`) });
    expect(new Set(seen)).toEqual(new Set(['0.5 half']));
    expect(seen.length).toBeLessThanOrEqual(4);
  });

  it('starts 100 jobs in the order in which they came', async () => {
    const workers = pool({ threads: 1 });
    const next = await job('next', '(counter) => Atomics.add(counter, 0, 1)');
    const counter = new Int32Array(new SharedArrayBuffer(4));
    const places = await Promise.all(Array.from({ length: 100 }, () => workers.run(next, counter, { signal: new AbortController().signal })));
    expect(places).toEqual(Array.from({ length: 100 }, (_, i) => i));
  });

  it('works on as many jobs at once as it has threads', async () => {
    const workers = pool({ threads: 2 });
    const meet = await job('meet', `(counter) => {
      Atomics.add(counter, 0, 1);
      Atomics.notify(counter, 0);
      while (Atomics.load(counter, 0) < 2) Atomics.wait(counter, 0, 1, 100);
      return true;
    }`);
    const counter = new Int32Array(new SharedArrayBuffer(4));
    expect(await Promise.all([workers.run(meet, counter, { signal: never }), workers.run(meet, counter, { signal: never })])).toEqual([true, true]);
  });

  it('keeps a thread warm between jobs and ends it when it has been idle', async () => {
    const workers = pool({ idleMs: 100 });
    const where = await job('where', '() => import("node:worker_threads").then((w) => w.threadId)');
    const first = await workers.run(where, 0, { signal: never });
    expect(await workers.run(where, 0, { signal: never })).toBe(first);
    await expect.poll(async () => {
      await new Promise((resolve) => setTimeout(resolve, 300));
      return workers.run(where, 0, { signal: never });
    }, { timeout: 3000 }).not.toBe(first);
  });

  it('fails what is at work or waits with WORKER_LOST when it closes', async () => {
    const workers = pool();
    const forever = await job('forever', '() => { for (;;); }');
    const failures = [failureOf(workers.run(forever, 0, { signal: never })), failureOf(workers.run(forever, 0, { signal: never }))];
    await workers.close();
    for (const error of await Promise.all(failures)) expect(isRefitError(error, 'WORKER_LOST')).toBe(true);
  });
});

async function stoodStill(counter: Int32Array): Promise<boolean> {
  const before = counter[0];
  await new Promise((resolve) => setTimeout(resolve, 50));
  return counter[0] === before;
}
