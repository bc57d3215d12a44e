import { create } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { Injectable } from '@nestjs/common';
import { ReasonKind, ReasonSchema, RefitError, type OutsideEvent, type Reason, type ReasonJudged } from '@refit/contracts';
import { severityName } from '@refit/triggering';
import { Clock } from '../clock.js';
import { PipelineRegistry } from '../pipelines/pipeline-registry.js';
import { Triggers } from '../triggers/triggers.js';
import { DataFiles } from './data-files.js';

export interface PipelineVerdict {
  readonly pipeline: string;
  readonly judged: ReasonJudged;
}

/** Something that somebody outside told us. */
export interface Told {
  readonly event: OutsideEvent;
  readonly actor?: string;
  /** Which message told it, where one did: `kafka <topic>/<partition>@<offset>`. */
  readonly origin?: string;
}

/** What came of something told: each pipeline's verdict, or why nobody could judge it. */
export type Taken = { readonly verdicts: readonly PipelineVerdict[] } | { readonly error: unknown };

/** A reason and the pipelines that it concerns. */
interface Concern {
  readonly reason: Reason;
  readonly pipelines: readonly string[];
}

/** Where reasons to run come in: from outside, from people, from schedules. Each pipeline gives its own verdict. */
@Injectable()
export class Intake {
  constructor(
    private readonly files: DataFiles,
    private readonly pipelines: PipelineRegistry,
    private readonly triggers: Triggers,
    private readonly clock: Clock,
  ) {}

  /**
   * @throws RefitError DATASET_NOT_FOUND, PIPELINE_NOT_FOUND, PATH_NOT_ALLOWED, DATA_FILE_NOT_FOUND, DATA_FILE_EMPTY,
   *   DATA_FILE_UNREADABLE, REQUEST_INVALID
   */
  async take(event: OutsideEvent, actor = '', origin = ''): Promise<readonly PipelineVerdict[]> {
    const [taken] = await this.takeAll([{ event, actor, origin }]);
    if (taken === undefined || 'error' in taken) throw taken?.error;
    return taken.verdicts;
  }

  /** Takes each, or says why not. Those that are taken are judged in their order, and those of one pipeline together. */
  async takeAll(told: readonly Told[]): Promise<readonly Taken[]> {
    const concerns = await Promise.all(told.map((one) => this.#concern(one).catch(failed)));
    // Asked for all in one go, they are gathered by each pipeline's trigger.
    return Promise.all(concerns.map(async (concern) => ('error' in concern ? concern : this.#judged(concern).catch(failed))));
  }

  /** @throws RefitError PIPELINE_NOT_FOUND */
  async judge(pipeline: string, reason: Reason): Promise<PipelineVerdict> {
    const trigger = this.triggers.of(pipeline);
    const judged = await trigger.judge(reason);
    this.triggers.wakeWhenDue(trigger);
    return { pipeline, judged };
  }

  async #judged({ reason, pipelines }: Concern): Promise<Taken> {
    return { verdicts: await Promise.all(pipelines.map((pipeline) => this.judge(pipeline, reason))) };
  }

  async #concern({ event, actor = '', origin = '' }: Told): Promise<Concern> {
    const occurrence = { source: event.source, id: event.id, actor, origin, occurredAt: timestampFromMs(event.time ?? this.clock.now()) };
    if (event.kind === 'decay-detected') {
      const { pipeline, severity, summary } = event.decay;
      const said = summary === '' ? `decay of severity ${severityName[severity]}` : summary;
      return { pipelines: [this.pipelines.get(pipeline).name], reason: create(ReasonSchema, { ...occurrence, kind: ReasonKind.DECAY, severity, summary: said }) };
    }
    const { batch } = event;
    const pipelines = this.pipelines.onDataset(batch.dataset).map(({ name }) => name);
    if (pipelines.length === 0) throw new RefitError('DATASET_NOT_FOUND', `no pipeline reads the dataset "${batch.dataset}"${this.#knownDatasets()}`);
    const before = await Promise.all(pipelines.map((name) => this.triggers.of(name).hasJudged(event)));
    // A repeat is answered as such even when its file is gone.
    const inspected = before.every(Boolean) ? batch : await this.files.inspected(batch);
    return { pipelines, reason: create(ReasonSchema, { ...occurrence, kind: ReasonKind.DATA_ARRIVAL, summary: `${batch.name} arrived in ${batch.dataset}`, batch: inspected }) };
  }

  #knownDatasets(): string {
    const names = [...new Set(this.pipelines.all().map(({ spec }) => spec.dataset))];
    if (names.length === 0) return '; no pipeline was applied yet: refit apply FILE';
    return `; known: ${names.slice(0, 5).join(', ')}${names.length > 5 ? ', …' : ''}`;
  }
}

const failed = (error: unknown) => ({ error });
