import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { decodeEvent, didYouMean, pipelineStream, RefitError, streamSubject, type EventMetadata, type PipelineEvent } from '@refit/contracts';
import type { EventStore, RecordedEvent } from '@refit/event-store';
import { followLog, handle, type Loaded } from '@refit/saga';
import { RUNTIME, type Runtime } from '@refit/service';
import { pipelineDecider, scheduleKey, type Pause, type PipelineNow, type PipelineState } from '@refit/triggering';
import { Clock } from '../clock.js';

export interface Pipeline extends PipelineNow {
  readonly name: string;
  /** When this version was applied, in milliseconds since 1970. */
  readonly appliedAt: number;
  /** By `scheduleKey`: since when it has each of its schedules, over versions, in milliseconds since 1970. */
  readonly scheduledSince: ReadonlyMap<string, number>;
  /** While it is paused: by whom, why, and since when, in milliseconds since 1970. */
  readonly pause?: Pause & { readonly pausedAt: number };
}

interface Known extends Loaded<PipelineState>, Times {}

/** Of the last such event, in milliseconds since 1970; 0: there was none. */
interface Times {
  readonly appliedAt: number;
  readonly pausedAt: number;
  readonly scheduledSince: ReadonlyMap<string, number>;
}

const streamPrefix = pipelineStream('');

/** Every pipeline as it stands now, kept up to date from the log, whoever changed it. */
@Injectable()
export class PipelineRegistry implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #known = new Map<string, Known>();
  readonly #stopping = new AbortController();
  readonly #listeners = new Set<(pipeline: string) => void>();
  readonly #store: EventStore;
  #following: Promise<void> | undefined;
  #ready: Promise<void> | undefined;

  constructor(
    @Inject(RUNTIME) private readonly runtime: Pick<Runtime, 'store' | 'logger'>,
    private readonly clock: Clock,
  ) {
    this.#store = runtime.store;
  }

  onApplicationBootstrap(): Promise<void> {
    return this.ready();
  }

  /** Resolves when every pipeline that the log holds is known; starts to follow the log at the first call. */
  ready(): Promise<void> {
    this.#ready ??= this.#start();
    return this.#ready;
  }

  async onApplicationShutdown(): Promise<void> {
    this.#stopping.abort();
    await this.#following;
  }

  /** @throws RefitError PIPELINE_NOT_FOUND */
  get(name: string): Pipeline {
    const pipeline = this.#pipeline(name);
    if (pipeline) return pipeline;
    const meant = didYouMean(name, this.all().map((known) => known.name));
    throw new RefitError('PIPELINE_NOT_FOUND', `there is no pipeline "${name}"${meant === '' ? '; apply' : `.${meant} Otherwise apply`} its file first: refit apply FILE`);
  }

  /** By name. */
  all(): readonly Pipeline[] {
    return [...this.#known.keys()].sort().flatMap((name) => this.#pipeline(name) ?? []);
  }

  onDataset(dataset: string): readonly Pipeline[] {
    return this.all().filter(({ spec }) => spec.dataset === dataset);
  }

  /** Called with the name of each pipeline that changes; returns the way to stop. */
  onChange(listener: (pipeline: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Decides on a pipeline's stream and appends; tells whether anything changed. */
  async decide(name: string, decide: (state: PipelineState) => readonly PipelineEvent[], metadata: EventMetadata): Promise<boolean> {
    const { events, ...loaded } = await handle(this.#store, pipelineStream(name), pipelineDecider, decide, metadata, this.#known.get(name));
    const before: Times = this.#known.get(name) ?? never;
    this.#learn(name, { ...loaded, ...events.reduce((times, e) => timesAfter(times, e, this.clock.now()), before) });
    return events.length > 0;
  }

  #start(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const options = { store: this.#store, filter: { streamPrefixes: [streamPrefix] }, from: 'start', signal: this.#stopping.signal, logger: this.runtime.logger, name: 'the pipelines' } as const;
    const following = followLog(options, (message) => {
      if (message.kind === 'event') this.#fold(message.event);
      if (message.kind === 'caught-up') resolve();
    });
    this.#following = following.then(resolve);
    return promise;
  }

  #fold(recorded: RecordedEvent): void {
    const name = streamSubject(recorded.stream);
    const { state, revision, ...times } = this.#known.get(name) ?? { state: pipelineDecider.initialState, revision: -1, ...never };
    if (recorded.revision !== revision + 1) return; // our own append, known already
    const event = decodeEvent(recorded) as PipelineEvent | undefined; // the stream holds no other events
    this.#learn(name, {
      state: event ? pipelineDecider.evolve(state, event) : state,
      revision: recorded.revision,
      lastEventId: recorded.id,
      ...(event ? timesAfter(times, event, recorded.recordedAt) : times),
    });
  }

  #learn(name: string, known: Known): void {
    if (known.revision <= (this.#known.get(name)?.revision ?? -1)) return;
    this.#known.set(name, known);
    for (const listener of this.#listeners) listener(name);
  }

  #pipeline(name: string): Pipeline | undefined {
    const known = this.#known.get(name);
    if (known?.state.status !== 'applied') return undefined;
    const { spec, version, specHash, paused, pause } = known.state;
    return { name, spec, specVersion: version, specHash, paused, appliedAt: known.appliedAt, scheduledSince: known.scheduledSince, ...(pause && { pause: { ...pause, pausedAt: known.pausedAt } }) };
  }
}

const never: Times = { appliedAt: 0, pausedAt: 0, scheduledSince: new Map() };

function timesAfter({ appliedAt, pausedAt, scheduledSince }: Times, event: PipelineEvent, now: number): Times {
  const times = { appliedAt, pausedAt, scheduledSince };
  switch (event.$typeName) {
    case 'refit.pipeline.v1.PipelineApplied': {
      const schedules = event.spec?.triggers?.schedules ?? [];
      return { ...times, appliedAt: now, scheduledSince: new Map(schedules.map(scheduleKey).map((key) => [key, scheduledSince.get(key) ?? now])) };
    }
    case 'refit.pipeline.v1.PipelinePaused':
      return { ...times, pausedAt: now };
    default:
      return times;
  }
}
