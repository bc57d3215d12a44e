import { isRefitError } from '@refit/contracts';
import { threadId, type MessagePort } from 'node:worker_threads';
import type { JobReply, JobReport, JobRequest } from './job-message.js';
import { ThreadGuard } from './thread-guard.js';
import type { Job, JobContext } from './worker-pool.js';

const PROGRESS_INTERVAL_MS = 100;

/** What every pooled thread runs: imports the job's file (once per thread) and answers how the job ended. */
export default async function runJob({ file, input, port, guard: memory }: JobRequest): Promise<JobReply> {
  try {
    const started: JobReport = { kind: 'started', threadId };
    port.postMessage(started);
    const guard = new ThreadGuard(memory);
    const { default: job } = (await guard.whileHeld(() => import(file))) as { default: Job<unknown, unknown> }; // a worker file's contract, see Job
    return { kind: 'done', output: await job(input, { signal: stopSignal(port), native: (work) => guard.whileHeld(work), progress: throttledProgress(port) }) };
  } catch (error) {
    return failure(error);
  } finally {
    port.close();
  }
}

function stopSignal(port: MessagePort): AbortSignal {
  const controller = new AbortController();
  port.once('message', () => controller.abort()); // the only order there is: JobOrder
  return controller.signal;
}

function throttledProgress(port: MessagePort): JobContext['progress'] {
  let reportedAt = -Infinity;
  return (fraction, message) => {
    const now = performance.now();
    if (now - reportedAt < PROGRESS_INTERVAL_MS) return;
    reportedAt = now;
    const report: JobReport = { kind: 'progress', fraction, message };
    port.postMessage(report);
  };
}

function failure(error: unknown): JobReply {
  if (isRefitError(error)) return { kind: 'refused', code: error.code, message: error.message, details: error.details };
  if (error instanceof Error) return { kind: 'threw', name: error.name, message: error.message, stack: error.stack };
  return { kind: 'threw', name: 'Error', message: String(error), stack: undefined };
}
