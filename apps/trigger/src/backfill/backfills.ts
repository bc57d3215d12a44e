import { Inject, Injectable } from '@nestjs/common';
import { RefitError, type BackfillRange } from '@refit/contracts';
import { RUNTIME, type Runtime } from '@refit/service';
import { cancelBackfill, judgeSpans, startBackfill, type BackfillState, type JudgedSpan, type SpansToJudge } from '@refit/triggering';
import { Clock } from '../clock.js';
import { PipelineRegistry } from '../pipelines/pipeline-registry.js';
import { Triggers } from '../triggers/triggers.js';
import { planSpans, type PlannedSpans } from './plan-spans.js';
import { spanData, type SpanData } from './span-data.js';

export interface KnownBackfill {
  readonly pipeline: string;
  readonly state: BackfillState;
}

export interface BackfillPlan {
  readonly step: string;
  readonly spans: readonly (JudgedSpan & { readonly data: ReturnType<SpanData['at']> })[];
  /** Sentences: what the plan cannot see, what is left out. */
  readonly remarks: readonly string[];
}

/** Who asks for what. */
export interface BackfillAsked {
  readonly backfillId: string;
  readonly range: BackfillRange;
  readonly promote: boolean;
  readonly actor: string;
}

/** Runs over past spans: planned, started, cancelled, looked at. */
@Injectable()
export class Backfills {
  constructor(
    @Inject(RUNTIME) private readonly runtime: Pick<Runtime, 'store' | 'config'>,
    private readonly pipelines: PipelineRegistry,
    private readonly triggers: Triggers,
    private readonly clock: Clock,
  ) {}

  /** @throws RefitError PIPELINE_NOT_FOUND, REQUEST_INVALID, TIME_COLUMN_UNUSABLE */
  async plan(range: BackfillRange): Promise<BackfillPlan> {
    const prepared = await this.#prepare({ backfillId: '', range, promote: false, actor: '' });
    const judged = judgeSpans(prepared.input)(await this.triggers.of(range.pipeline).view());
    const spans = judged.map((span) => ({ ...span, data: prepared.data.at(span.span.until) }));
    return { step: prepared.planned.step, spans, remarks: await this.#remarks(range.pipeline, prepared) };
  }

  /** Also answers a request that was made before. @throws as `plan` */
  async start(asked: BackfillAsked): Promise<KnownBackfill & { readonly remarks: readonly string[] }> {
    const { pipeline } = asked.range;
    const prepared = await this.#prepare(asked);
    const { range, step } = prepared.planned;
    const trigger = this.triggers.of(pipeline);
    const { backfills } = await trigger.change(startBackfill({ ...prepared.input, range, step }), asked.actor);
    this.triggers.wakeWhenDue(trigger);
    const state = backfills.get(asked.backfillId);
    if (!state) throw new RefitError('INTERNAL', `backfill ${asked.backfillId} was not recorded`);
    return { pipeline, state, remarks: await this.#remarks(pipeline, prepared) };
  }

  /** @throws RefitError BACKFILL_NOT_FOUND, BACKFILL_ENDED, REQUEST_INVALID */
  async cancel(prefix: string, { actor, reason }: { readonly actor: string; readonly reason: string }): Promise<KnownBackfill> {
    const { pipeline, state } = await this.find(prefix);
    const { backfillId } = state.requested;
    const { backfills } = await this.triggers.of(pipeline).change(cancelBackfill({ backfillId, actor, reason, now: this.clock.now() }), actor);
    return { pipeline, state: backfills.get(backfillId) ?? state };
  }

  /** The one whose id begins so. @throws RefitError BACKFILL_NOT_FOUND, REQUEST_INVALID */
  async find(prefix: string): Promise<KnownBackfill> {
    const found = (await this.list('')).filter(({ state }) => prefix !== '' && state.requested.backfillId.startsWith(prefix));
    const exact = found.find(({ state }) => state.requested.backfillId === prefix);
    const [first, second] = exact ? [exact] : found;
    if (!first) throw new RefitError('BACKFILL_NOT_FOUND', `there is no backfill ${prefix}; see \`refit backfill list\``);
    if (second) throw new RefitError('REQUEST_INVALID', `several backfills begin with ${prefix}; give more of the id`);
    return first;
  }

  /** Newest first; of one pipeline, or with '' of all. @throws RefitError PIPELINE_NOT_FOUND */
  async list(pipeline: string): Promise<readonly KnownBackfill[]> {
    const names = pipeline === '' ? this.pipelines.all().map(({ name }) => name) : [this.pipelines.get(pipeline).name];
    const known: KnownBackfill[] = [];
    for (const name of names) {
      const { backfills } = await this.triggers.of(name).view();
      known.push(...[...backfills.values()].map((state) => ({ pipeline: name, state })));
    }
    return known.toSorted((a, b) => requestedAt(b) - requestedAt(a) || (a.state.requested.backfillId < b.state.requested.backfillId ? 1 : -1));
  }

  async #prepare({ backfillId, range, promote, actor }: BackfillAsked): Promise<Prepared> {
    const { spec, specVersion } = this.pipelines.get(range.pipeline);
    const now = this.clock.now();
    const planned = planSpans(range, spec, now);
    const data = await spanData(this.runtime.store, spec, this.runtime.config.allowedRoots);
    const spans = planned.spans.map((span) => ({ ...span, hasData: data.unseenFiles > 0 || data.at(span.until).rows > 0 }));
    return { planned, data, input: { spec, specVersion, backfillId, spans, promote, actor, now } };
  }

  async #remarks(pipeline: string, { planned, data }: Prepared): Promise<readonly string[]> {
    const { pending } = await this.triggers.of(pipeline).view();
    const end = planned.spans.at(-1)?.until ?? planned.range.until;
    return [
      ...(end < planned.range.until ? [`What follows on ${new Date(end).toISOString()} is no whole span and is left out.`] : []),
      ...(data.unseenFiles > 0 ? [`Files that no run has taken in yet (${data.unseenFiles}) match the pipeline's paths: the first run takes them in, and what they hold is not counted here.`] : []),
      ...(pending.size > 0 ? [`Batches that were announced (${pending.size}) wait for a run and are not in the dataset yet: start one first, with \`refit run ${pipeline}\`, if the backfill is to have them.`] : []),
      ...(this.pipelines.get(pipeline).paused ? ['The pipeline is paused: nothing starts until it is resumed.'] : []),
    ];
  }
}

interface Prepared {
  readonly planned: PlannedSpans;
  readonly data: SpanData;
  readonly input: SpansToJudge;
}

export const requestedAt = ({ state }: KnownBackfill): number => Number(state.requested.requestedAt?.seconds ?? 0) * 1000 + (state.requested.requestedAt?.nanos ?? 0) / 1_000_000;
