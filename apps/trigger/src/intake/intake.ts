import { create } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { Inject, Injectable } from '@nestjs/common';
import {
  BatchSchema, ReasonKind, ReasonSchema, RefitError, type Batch, type OutsideEvent, type Reason, type ReasonJudged,
} from '@refit/contracts';
import { countRows, inspectDataFile } from '@refit/data';
import { RUNTIME, type Runtime } from '@refit/service';
import { severityName } from '@refit/triggering';
import { Clock } from '../clock.js';
import { PipelineRegistry } from '../pipelines/pipeline-registry.js';
import { Triggers } from '../triggers/triggers.js';

export interface PipelineVerdict {
  readonly pipeline: string;
  readonly judged: ReasonJudged;
}

/** Where reasons to run come in: from outside, from people, from schedules. Each pipeline gives its own verdict. */
@Injectable()
export class Intake {
  constructor(
    @Inject(RUNTIME) private readonly runtime: Pick<Runtime, 'config'>,
    private readonly pipelines: PipelineRegistry,
    private readonly triggers: Triggers,
    private readonly clock: Clock,
  ) {}

  /**
   * @throws RefitError DATASET_NOT_FOUND, PIPELINE_NOT_FOUND, PATH_NOT_ALLOWED, DATA_FILE_NOT_FOUND, DATA_FILE_EMPTY,
   *   DATA_FILE_UNREADABLE, REQUEST_INVALID
   */
  async take(event: OutsideEvent, actor = ''): Promise<readonly PipelineVerdict[]> {
    const occurrence = { source: event.source, id: event.id, actor, occurredAt: timestampFromMs(event.time ?? this.clock.now()) };
    switch (event.kind) {
      case 'data-arrived':
        return this.#dataArrived(create(ReasonSchema, { ...occurrence, kind: ReasonKind.DATA_ARRIVAL, summary: `${event.batch.name} arrived in ${event.batch.dataset}` }), event.batch);
      case 'decay-detected': {
        const { pipeline, severity, summary } = event.decay;
        const said = summary === '' ? `decay of severity ${severityName[severity]}` : summary;
        return [await this.judge(pipeline, create(ReasonSchema, { ...occurrence, kind: ReasonKind.DECAY, severity, summary: said }))];
      }
    }
  }

  /** @throws RefitError PIPELINE_NOT_FOUND */
  async judge(pipeline: string, reason: Reason): Promise<PipelineVerdict> {
    const trigger = this.triggers.of(pipeline);
    const judged = await trigger.judge(reason);
    this.triggers.wakeWhenDue(trigger);
    return { pipeline, judged };
  }

  /** As `judge`, but a reason that was judged before is passed over instead of recorded as a duplicate. */
  async judgeOnce(pipeline: string, reason: Reason): Promise<void> {
    if (!(await this.triggers.of(pipeline).hasJudged(reason))) await this.judge(pipeline, reason);
  }

  async #dataArrived(reason: Reason, batch: Batch): Promise<readonly PipelineVerdict[]> {
    const concerned = this.pipelines.onDataset(batch.dataset);
    if (concerned.length === 0) throw new RefitError('DATASET_NOT_FOUND', `no pipeline reads the dataset "${batch.dataset}"${this.#knownDatasets()}`);
    const judgedBefore = await Promise.all(concerned.map(({ name }) => this.triggers.of(name).hasJudged(reason)));
    // A repeat is answered as such even when its file is gone.
    const inspected = judgedBefore.every(Boolean) ? batch : await this.#inspected(batch);
    return Promise.all(concerned.map(({ name }) => this.judge(name, create(ReasonSchema, { ...reason, batch: inspected }))));
  }

  async #inspected({ dataset, name, uri, format: declared }: Batch): Promise<Batch> {
    const { path, format, rows } = await inspectDataFile(uri, declared, this.runtime.config.allowedRoots);
    return create(BatchSchema, { dataset, name, uri: path, format, rows: rows ?? (await countRows(path, format)) });
  }

  #knownDatasets(): string {
    const names = [...new Set(this.pipelines.all().map(({ spec }) => spec.dataset))];
    if (names.length === 0) return '; no pipeline was applied yet: refit apply FILE';
    return `; known: ${names.slice(0, 5).join(', ')}${names.length > 5 ? ', …' : ''}`;
  }
}
