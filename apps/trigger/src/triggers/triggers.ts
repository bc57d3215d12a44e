import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { decodeEvent, runStream, type DomainEvent } from '@refit/contracts';
import type { EventStore } from '@refit/event-store';
import { RUNTIME, type Runtime } from '@refit/service';
import { Clock } from '../clock.js';
import { PipelineRegistry } from '../pipelines/pipeline-registry.js';
import { PipelineTrigger } from './pipeline-trigger.js';

/** Longest delay that a Node timer takes. */
const longestDelay = 2 ** 31 - 1;

/** The trigger of every pipeline, and the scan that finishes what a crash or a lost message left undone. */
@Injectable()
export class Triggers implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #triggers = new Map<string, PipelineTrigger>();
  readonly #wakes = new Map<string, NodeJS.Timeout>();
  #scan: NodeJS.Timeout | undefined;
  #scanning: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(
    @Inject(RUNTIME) private readonly runtime: Pick<Runtime, 'store' | 'soleInstance' | 'config' | 'logger'>,
    private readonly pipelines: PipelineRegistry,
    private readonly clock: Clock,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.pipelines.ready();
    this.#scan = setTimeout(() => this.#rescan(), 0);
  }

  async onApplicationShutdown(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#scan);
    for (const wake of this.#wakes.values()) clearTimeout(wake);
    await this.#scanning;
  }

  /** @throws RefitError PIPELINE_NOT_FOUND */
  of(pipeline: string): PipelineTrigger {
    const known = this.#triggers.get(pipeline);
    if (known) return known;
    this.pipelines.get(pipeline);
    const trigger = new PipelineTrigger(pipeline, this.runtime.store, this.clock, () => this.pipelines.get(pipeline));
    this.#triggers.set(pipeline, trigger);
    return trigger;
  }

  /** A run may have ended: looks at the pipeline whose place it holds. Only a hint; the scan would find it too. */
  async runMayHaveEnded(runId: string): Promise<void> {
    const trigger = [...this.#triggers.values()].find(({ openRuns }) => openRuns.includes(runId));
    const pipeline = trigger?.pipeline ?? (await this.#startedElsewhere(runId));
    if (pipeline !== undefined) await this.settle(pipeline);
  }

  /** Brings a pipeline's trigger up to date with its runs and the time. */
  async settle(pipeline: string): Promise<void> {
    const trigger = this.of(pipeline);
    await trigger.settle();
    this.wakeWhenDue(trigger);
  }

  /** Looks again when a debounce or a cool-down is over, rather than at the next scan. */
  wakeWhenDue(trigger: PipelineTrigger): void {
    clearTimeout(this.#wakes.get(trigger.pipeline));
    this.#wakes.delete(trigger.pipeline);
    const dueAt = trigger.nextDueAt;
    if (dueAt === undefined || this.#stopped) return;
    const delay = Math.min(Math.max(0, dueAt - this.clock.now()), longestDelay);
    this.#wakes.set(trigger.pipeline, setTimeout(() => void this.#settleQuietly(trigger.pipeline), delay));
  }

  /** The pipeline of a run that another process has started, of which this one need not know. */
  async #startedElsewhere(runId: string): Promise<string | undefined> {
    const { store, soleInstance } = this.runtime;
    if (soleInstance) return undefined;
    const run = await readFirst(store, runStream(runId));
    const isKnown = run?.$typeName === 'refit.run.v1.RunRequested' && this.pipelines.all().some(({ name }) => name === run.pipeline);
    return isKnown ? run.pipeline : undefined;
  }

  #rescan(): void {
    this.#scanning = this.#settleAll().then(() => {
      if (!this.#stopped) this.#scan = setTimeout(() => this.#rescan(), this.runtime.config.scanIntervalMs);
    });
  }

  async #settleAll(): Promise<void> {
    for (const { name } of this.pipelines.all()) {
      if (this.#stopped) return;
      await this.#settleQuietly(name);
    }
  }

  async #settleQuietly(pipeline: string): Promise<void> {
    await this.settle(pipeline).catch((error: unknown) => {
      this.runtime.logger.error({ err: error, pipeline }, 'the trigger of a pipeline could not be brought up to date; the next scan tries again');
    });
  }
}

async function readFirst(store: EventStore, stream: string): Promise<DomainEvent | undefined> {
  for await (const recorded of store.readStream(stream, { limit: 1 })) return decodeEvent(recorded);
  return undefined;
}
