import { isRefitError } from '@refit/contracts';
import { threadId, type MessagePort } from 'node:worker_threads';
import type { JobReply, JobReport, JobRequest } from './job-message.js';
import type { Job, JobContext } from './worker-pool.js';

const PROGRESS_INTERVAL_MS = 100;

/** What every pooled thread runs: imports the job's file (once per thread) and answers how the job ended. */
export default async function runJob({ file, input, port }: JobRequest): Promise<JobReply> {
  try {
    const started: JobReport = { kind: 'started', threadId };
    port.postMessage(started);
    const { default: job } = (await import(file)) as { default: Job<unknown, unknown> }; // a worker file's contract, see Job
    return { kind: 'done', output: await job(input, throttledContext(port)) };
  } catch (error) {
    return failure(error);
  } finally {
    port.close();
  }
}

function throttledContext(port: MessagePort): JobContext {
  let reportedAt = -Infinity;
  return {
    progress(fraction, message) {
      const now = performance.now();
      if (now - reportedAt < PROGRESS_INTERVAL_MS) return;
      reportedAt = now;
      const report: JobReport = { kind: 'progress', fraction, message };
      port.postMessage(report);
    },
  };
}

function failure(error: unknown): JobReply {
  if (isRefitError(error)) return { kind: 'refused', code: error.code, message: error.message, details: error.details };
  if (error instanceof Error) return { kind: 'threw', name: error.name, message: error.message, stack: error.stack };
  return { kind: 'threw', name: 'Error', message: String(error), stack: undefined };
}
