import { progressRecord, RefitError, type RunEvent } from '@refit/contracts';
import type { EventStore } from '@refit/event-store';
import { stepName, type WorkingRun } from '@refit/run';
import type { SagaLogger } from './logger.js';
import type { SpecReader } from './pipeline-specs.js';
import type { StepHandler } from './step.js';

const defaultTimeoutMs = 60 * 60_000;
const progressIntervalMs = 250;

/**
 * Does the work of a claimed step: within its time, stopped by the signal.
 *
 * @throws what the work throws; the abort reason; RefitError STEP_TIMEOUT
 */
export async function doStep(
  { store, specs, logger }: { readonly store: EventStore; readonly specs: SpecReader; readonly logger: SagaLogger },
  handler: StepHandler,
  runId: string,
  run: WorkingRun,
  causationId: string,
  aborted: AbortSignal,
): Promise<readonly RunEvent[]> {
  const { timeoutMs = defaultTimeoutMs } = handler;
  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(new RefitError('STEP_TIMEOUT', `${stepName(handler.step)} took longer than ${timeoutMs / 1000} s`)), timeoutMs);
  const signal = AbortSignal.any([aborted, timeout.signal]);
  const { attempt } = run.claim;
  let reported = -Infinity;
  const progress = (fraction: number, message: string) => {
    if (performance.now() - reported < progressIntervalMs) return;
    reported = performance.now();
    store.putRecord(progressRecord(runId), { step: stepName(handler.step), attempt, fraction, message })
      .catch((err: unknown) => logger.debug({ err }, 'progress not written'));
  };
  try {
    const spec = await specs(run.request.pipeline, run.request.specVersion);
    return await untilAborted(handler.work({ runId, run, spec, attempt, causationId, signal, progress, now: Date.now }), signal);
  } finally {
    clearTimeout(timer);
  }
}

/** The result, or the abort at once, even when the work is slow to notice: what it returns later is passed over. */
function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason as Error); // an AbortReason or a RefitError; both are handled by name
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
