import { RefitError } from '@refit/contracts';
import { Piscina } from 'piscina';
import type { Logger } from 'pino';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import type { JobOrder, JobReply, JobReport, JobRequest } from './job-message.js';
import { watchMemory } from './memory-watch.js';
import { ThreadGuard } from './thread-guard.js';
import { Turns } from './turns.js';
import { workerFile, type WorkerPool } from './worker-pool.js';

export interface WorkerPoolOptions {
  /** Jobs at work at once, each on a thread of its own; further ones wait in the order in which they came. */
  readonly threads: number;
  /** Most memory that one job may use, in MB: JavaScript heap and array buffers together (not what DuckDB allocates itself). */
  readonly memoryLimitMb: number;
  readonly logger: Pick<Logger, 'error'>;
  /** A thread that had nothing to do for this long is ended and its memory given back. */
  readonly idleMs?: number;
}

/**
 * V8's own heap limit stands this far behind ours: when V8 cannot free memory in time at its limit it ends the whole
 * process, so a thread must be stopped (see `watchMemory`) before it comes near.
 */
const HEADROOM_MB = 2048;

/**
 * Worker threads on piscina.
 *
 * Threads start with the first jobs (tenths of a second) and stay warm between jobs, but not at rest: what a thread keeps after
 * training (tens of MB of heap and compiled code) costs more than starting a fresh one.
 */
export function workerPool({ threads, memoryLimitMb, logger, idleMs = 15_000 }: WorkerPoolOptions): WorkerPool {
  const pool = new Piscina<JobRequest, JobReply>({
    filename: workerFile(import.meta.url, './job-thread.worker.js').href,
    minThreads: 0,
    maxThreads: threads,
    idleTimeout: idleMs,
    resourceLimits: { maxOldGenerationSizeMb: memoryLimitMb + HEADROOM_MB },
    // Worker files run from dist, also when this process was started with the condition that resolves to sources.
    execArgv: [],
    // With atomics a thread sleeps between jobs with its event loop stopped; what DuckDB has yet to close would wait too.
    atomics: 'disabled',
    recordTiming: false,
  });
  const turns = new Turns(threads);
  const closing = new AbortController();
  const starting = new Set<AbortController>();
  // A thread that failed before it had a job: piscina tells nobody, and the job meant for it would wait for ever.
  pool.on('error', (error: Error) => {
    logger.error({ err: error }, 'a worker thread failed outside of a job');
    for (const fault of starting) fault.abort(lost(error));
  });

  const running = new Set<Promise<unknown>>();

  return {
    run<Input, Output>(file: URL, input: Input, options: JobOptions) {
      const job = runJob<Input, Output>(file, input, options).finally(() => running.delete(job));
      running.add(job);
      return job;
    },
    async close() {
      closing.abort(new RefitError('WORKER_LOST', 'the worker threads are shutting down; the step will be taken again'));
      await Promise.allSettled(running);
      await pool.destroy();
    },
  };

  async function runJob<Input, Output>(file: URL, input: Input, options: JobOptions): Promise<Output> {
    const stop = AbortSignal.any([options.signal, closing.signal]);
    await turns.enter(stop);
    const fault = new AbortController();
    starting.add(fault);
    const { port1, port2 } = new MessageChannel();
    const memory = watchMemory(pool, memoryLimitMb, () => fault.abort(outOfMemory(memoryLimitMb)));
    port1.on('message', (report: JobReport) => {
      if (report.kind === 'progress') return options.progress?.(report.fraction, report.message);
      starting.delete(fault);
      memory.watch(report.threadId);
    });
    port1.unref();
    const signal = AbortSignal.any([stop, fault.signal]);
    const guard = new ThreadGuard();
    const end = endInTime(signal, port1, guard);
    try {
      const reply = await pool.run({ file: file.href, input, port: port2, guard: guard.memory }, { transferList: [port2], signal: end.signal }).catch((error: unknown) => {
        signal.throwIfAborted();
        throw threadFailure(error, memoryLimitMb);
      });
      signal.throwIfAborted();
      return outputOf(reply) as Output; // the caller names the output type of the job it runs
    } finally {
      starting.delete(fault);
      end.settled();
      memory.stop();
      closePort(port1);
      turns.leave();
    }
  }
}

/** What `WorkerPool.run` takes besides the job. */
type JobOptions = Parameters<WorkerPool['run']>[2];

/** How long a job may take to end by itself. */
const graceMs = 500;

/** How often it is looked whether the thread has left its native code. */
const guardIntervalMs = 20;

/** Asks the job to stop when the signal says so; the returned signal ends its thread when it has not by then. */
function endInTime(signal: AbortSignal, port: MessagePort, guard: ThreadGuard): { readonly signal: AbortSignal; settled(): void } {
  const end = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const stop = () => {
    const order: JobOrder = { kind: 'stop' };
    port.postMessage(order);
    timer = setTimeout(endThread, graceMs);
  };
  const endThread = () => {
    if (guard.tryEnd()) end.abort(signal.reason);
    else timer = setTimeout(endThread, guardIntervalMs);
  };
  if (signal.aborted) stop();
  else signal.addEventListener('abort', stop, { once: true });
  return {
    signal: end.signal,
    settled() {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
    },
  };
}

function outputOf(reply: JobReply): unknown {
  switch (reply.kind) {
    case 'done':
      return reply.output;
    case 'refused':
      throw new RefitError(reply.code, reply.message, { details: reply.details });
    case 'threw': {
      const error = new Error(reply.message);
      error.name = reply.name;
      if (reply.stack !== undefined) error.stack = reply.stack;
      throw error;
    }
  }
}

/** Jobs answer their own errors (see `JobReply`), so what piscina rejects with has happened to the thread or the message. */
function threadFailure(error: unknown, memoryLimitMb: number): unknown {
  if (!(error instanceof Error)) return error;
  if (error.name === 'DataCloneError') return error;
  if ('code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY') return outOfMemory(memoryLimitMb);
  return lost(error);
}

const lost = (cause: Error) => new RefitError('WORKER_LOST', `a worker thread died during its job: ${cause.message}`, { cause });

const outOfMemory = (limitMb: number) =>
  new RefitError(
    'TRAINING_FAILED',
    `the job went over its memory limit of ${limitMb} MB: train on a smaller window or fewer columns, or raise the limit`,
  );

function closePort(port: MessagePort): void {
  port.removeAllListeners('message');
  port.close();
}
