import { isRefitError, RunCancelledSchema, runStream, streamSubject, type Step } from '@refit/contracts';
import type { BusMessage } from '@refit/bus';
import { stepName, stepsHintedBy } from '@refit/run';
import { followLog } from './follow-log.js';
import { LeaseObserver } from './lease-observer.js';
import type { OpenRuns } from './open-runs.js';
import { poisonRun } from './poison.js';
import { Slots } from './slots.js';
import { StepRunner, type AbortReason, type StepRunnerOptions } from './step-runner.js';
import type { StepHandler } from './step.js';

export interface EngineOptions extends StepRunnerOptions {
  readonly handlers: readonly StepHandler[];
  readonly openRuns: OpenRuns;
  /** No other instance can be alive (this process holds the data directory): any other's lease is free at once. */
  readonly soleInstance: boolean;
  /** An instance that surely is dead: its leases are free at once. */
  readonly predecessor?: string;
  readonly leaseTtlMs: number;
  readonly scanIntervalMs: number;
  /** Steps of one kind at work at once, where the handler does not say. */
  readonly slots: number;
}

/**
 * Finds the due steps of one service, by hints from the bus and by its own scan, and gives each a slot and a runner.
 * Stops the work of cancelled runs, and takes over the leases of dead instances.
 */
export class StepEngine {
  readonly #steps: readonly Step[];
  readonly #slots: ReadonlyMap<Step, Slots>;
  readonly #runner: StepRunner;
  readonly #leases: LeaseObserver;
  /** By step and run: the next step of a run may begin here before the last one has been tidied away. */
  readonly #work = new Map<string, { readonly abort: AbortController; readonly done: Promise<void> }>();
  readonly #stopping = new AbortController();
  readonly #timers = new Set<NodeJS.Timeout>();

  constructor(private readonly options: EngineOptions) {
    const { handlers, slots, store, leaseTtlMs } = options;
    this.#steps = handlers.map((h) => h.step);
    this.#slots = new Map(handlers.map((h) => [h.step, new Slots(h.slots ?? slots, (runId, takeOver) => this.#take(h, runId, takeOver))]));
    this.#runner = new StepRunner(options);
    this.#leases = new LeaseObserver(store, leaseTtlMs);
  }

  start(): void {
    const { scanIntervalMs, leaseTtlMs, soleInstance, logger } = this.options;
    const watch = () => void this.#watchLeases().catch((err: unknown) => logger.warn({ err }, 'leases could not be looked at'));
    void this.#watchCancellations();
    this.#tryScan();
    watch();
    this.#timers.add(setInterval(() => this.#tryScan(), soleInstance ? scanIntervalMs : Math.min(scanIntervalMs, sharedScanMs)));
    this.#timers.add(setInterval(watch, Math.min(500, leaseTtlMs / 4)));
  }

  /** Aborts the work under way and gives its leases back, so that another instance can go on at once. */
  async stop(): Promise<void> {
    this.#timers.forEach(clearInterval);
    this.#slots.forEach((s) => s.close());
    this.#stopping.abort();
    for (const { abort } of this.#work.values()) abort.abort('stopped' satisfies AbortReason);
    await Promise.all([...this.#work.values()].map(({ done }) => done));
  }

  /** A bus message: perhaps one of the steps here is due now. */
  hint(message: BusMessage): void {
    for (const step of stepsHintedBy(message.type)) this.#slots.get(step)?.offer(streamSubject(message.stream));
  }

  /** Offers every due step that the read model shows: what makes lost messages harmless. */
  scan(): void {
    for (const { runId, step } of this.options.openRuns.due(this.#steps, Date.now())) this.#slots.get(step)?.offer(runId);
  }

  #tryScan(): void {
    try {
      this.scan();
    } catch (err) {
      this.options.logger.warn({ err }, 'the open runs could not be looked through; the next scan tries again');
    }
  }

  async #watchLeases(): Promise<void> {
    const { openRuns, instanceId, predecessor, soleInstance } = this.options;
    const orphans = openRuns.working(this.#steps).filter((row) => !this.#work.has(workKey(row.step, row.runId)));
    const others = [...new Set(orphans.map((row) => row.instanceId))].filter((id) => id !== instanceId);
    const dead = new Set(soleInstance ? others : await this.#leases.observe(others));
    // A lease of our own without work here: its claim was written although the append seemed to fail.
    dead.add(instanceId);
    if (predecessor !== undefined) dead.add(predecessor);
    for (const row of orphans) {
      if (dead.has(row.instanceId)) this.#slots.get(row.step)?.offer(row.runId, row.leaseId);
    }
  }

  async #watchCancellations(): Promise<void> {
    const { store, logger } = this.options;
    const filter = { streamPrefixes: [runStream('')], types: [RunCancelledSchema.typeName] };
    await followLog({ store, filter, from: 'end', signal: this.#stopping.signal, logger, name: 'cancellations' }, (message) => {
      if (message.kind === 'event') this.#cancel(streamSubject(message.event.stream));
    });
  }

  #cancel(runId: string): void {
    for (const step of this.#steps) {
      const work = this.#work.get(workKey(step, runId));
      if (!work) continue;
      this.options.logger.info({ runId, step: stepName(step) }, 'the run was cancelled: its work ends here');
      work.abort.abort('cancelled' satisfies AbortReason);
    }
  }

  async #take(handler: StepHandler, runId: string, takeOver: string | undefined): Promise<void> {
    const key = workKey(handler.step, runId);
    if (this.#work.has(key)) return;
    const abort = new AbortController();
    const done = this.#runner.run({ runId, handler, takeOver, aborted: abort.signal }).then(
      (retryAt) => this.#offerLater(handler.step, runId, retryAt),
      (error: unknown) => this.#notTaken(handler.step, runId, error),
    );
    this.#work.set(key, { abort, done });
    await done;
    this.#work.delete(key);
  }

  #offerLater(step: Step, runId: string, retryAt: number | undefined): void {
    if (retryAt === undefined || this.#stopping.signal.aborted) return;
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.#slots.get(step)?.offer(runId);
    }, Math.max(1, retryAt - Date.now()));
    this.#timers.add(timer);
  }

  /** The stream cannot be read, or the store not be reached: the scan comes back to it, unless it never can be read. */
  async #notTaken(step: Step, runId: string, error: unknown): Promise<void> {
    const { store, logger } = this.options;
    logger.error({ err: error, runId, step: stepName(step) }, 'a step could not be taken');
    if (!isRefitError(error, 'EVENT_UNREADABLE')) return;
    await poisonRun(store, runId, step, error).catch((err: unknown) => logger.error({ err, runId }, 'a run that cannot be read could not be ended'));
  }
}

/** A hint reaches one instance, which may have no free slot: so soon another one that has looks for itself. */
const sharedScanMs = 1000;

const workKey = (step: Step, runId: string) => `${step} ${runId}`;
