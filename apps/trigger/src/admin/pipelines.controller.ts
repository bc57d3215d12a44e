import { isAbsolute } from 'node:path';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { Controller, Inject } from '@nestjs/common';
import { GrpcMethod } from '@nestjs/microservices';
import {
  parsePipelineFile, pipelineStream, RefitError, type ApplyPipelineRequest, type ApplyPipelineResponseSchema, type GetPipelineRequest, type GetPipelineResponseSchema,
  type ListPipelinesRequest, type ListPipelinesResponseSchema, type PausePipelineRequest, type PipelineSchema, type ResumePipelineRequest,
  type ResumePipelineResponseSchema,
} from '@refit/contracts';
import { assertAllowed, checkExpressions } from '@refit/data';
import { nameMatcher, readPage } from '@refit/projections';
import { RUNTIME, type Runtime } from '@refit/service';
import { applyPipeline, pausePipeline, resumePipeline } from '@refit/triggering';
import { PipelineRegistry, type Pipeline } from '../pipelines/pipeline-registry.js';
import { ReadModels } from '../runs/read-models.js';
import { Triggers } from '../triggers/triggers.js';
import { actorOf, bounded, required } from './request-checks.js';

/** Longest pipeline file, in bytes: it is kept in an event, with the spec made of it. */
const maximumFileBytes = 24 * 1024;

@Controller()
export class PipelinesController {
  constructor(
    @Inject(RUNTIME) private readonly runtime: Pick<Runtime, 'config' | 'store'>,
    private readonly pipelines: PipelineRegistry,
    private readonly triggers: Triggers,
    private readonly readModels: ReadModels,
  ) {}

  @GrpcMethod('AdminService', 'ApplyPipeline')
  async applyPipeline(request: ApplyPipelineRequest): Promise<MessageInitShape<typeof ApplyPipelineResponseSchema>> {
    const { fileName, text, baseDirectory } = request;
    const bytes = Buffer.byteLength(text);
    if (bytes > maximumFileBytes) throw new RefitError('PIPELINE_FILE_INVALID', `${fileName} has ${bytes} bytes; a pipeline file has at most ${maximumFileBytes}`);
    if (!isAbsolute(baseDirectory)) throw new RefitError('REQUEST_INVALID', `base_directory is "${bounded('base_directory', baseDirectory)}"; it must be an absolute path`);
    const { spec, expressions } = parsePipelineFile(text, { fileName: required('file_name', fileName), baseDirectory });
    await checkExpressions(expressions, fileName);
    for (const path of spec.source?.paths ?? []) await assertAllowed(folderOfGlob(path), this.runtime.config.allowedRoots);
    const actor = actorOf(request);
    const changed = await this.pipelines.decide(spec.name, applyPipeline({ spec, actor, sourceText: text }), { actor });
    const applied = this.pipelines.get(spec.name);
    return { spec: applied.spec, version: applied.specVersion, unchanged: !changed };
  }

  @GrpcMethod('AdminService', 'GetPipeline')
  getPipeline({ name }: GetPipelineRequest): MessageInitShape<typeof GetPipelineResponseSchema> {
    return { pipeline: pipelineMessage(this.pipelines.get(name)) };
  }

  @GrpcMethod('AdminService', 'ListPipelines')
  listPipelines(request: ListPipelinesRequest): MessageInitShape<typeof ListPipelinesResponseSchema> {
    const isNamed = request.namePattern === '' ? () => true : nameMatcher(request.namePattern);
    const wanted = this.pipelines.all().filter(({ name, paused }) => isNamed(name) && paused === (request.paused ?? paused));
    const newestFirst = wanted.toSorted((a, b) => b.appliedAt - a.appliedAt || (a.name < b.name ? -1 : 1));
    const isAfter = ([appliedAt, name]: readonly (string | number)[]) => (p: Pipeline) => p.appliedAt < Number(appliedAt) || (p.appliedAt === appliedAt && p.name > String(name));
    const { items, nextPageToken } = readPage(request, 2, (after, limit) => (after ? newestFirst.filter(isAfter(after)) : newestFirst).slice(0, limit), (p) => [p.appliedAt, p.name]);
    return { pipelines: items.map(pipelineMessage), nextPageToken };
  }

  @GrpcMethod('AdminService', 'PausePipeline')
  async pausePipeline(request: PausePipelineRequest): Promise<object> {
    const actor = actorOf(request);
    this.pipelines.get(required('name', request.name));
    await this.pipelines.decide(request.name, pausePipeline(request.name, { actor, reason: bounded('reason', request.reason) }), { actor });
    return {};
  }

  /** What waited meanwhile starts now; what was skipped stays so, and the answer says how much that is. */
  @GrpcMethod('AdminService', 'ResumePipeline')
  async resumePipeline(request: ResumePipelineRequest): Promise<MessageInitShape<typeof ResumePipelineResponseSchema>> {
    const actor = actorOf(request);
    const { name, paused } = this.pipelines.get(required('name', request.name));
    await this.pipelines.decide(name, resumePipeline(name, { actor }), { actor });
    await this.triggers.settle(name);
    if (!paused) return {};
    const { reasons, batches, rows } = (await this.readModels.reasons()).skippedWhilePaused(name, await this.#lastPausedAt(name));
    return { skippedReasons: reasons, skippedBatches: batches, skippedRows: rows };
  }

  /** By the store's clock, as the reasons are. */
  async #lastPausedAt(name: string): Promise<number> {
    for await (const { type, recordedAt } of this.runtime.store.readStream(pipelineStream(name), { direction: 'backwards' })) {
      if (type === 'refit.pipeline.v1.PipelinePaused') return recordedAt;
    }
    return 0;
  }
}

const pipelineMessage = ({ spec, specVersion, specHash, paused, appliedAt, pause }: Pipeline): MessageInitShape<typeof PipelineSchema> => ({
  spec, version: specVersion, specHash, paused, appliedAt: timestampFromMs(appliedAt),
  ...(pause && { pause: { actor: pause.actor, reason: pause.reason, pausedAt: timestampFromMs(pause.pausedAt) } }),
});

/** The part of a path before its first special character: `/data/flights-*.csv` → `/data`. */
function folderOfGlob(path: string): string {
  const special = path.search(/[*?[\]{}!]/);
  return special < 0 ? path : path.slice(0, path.lastIndexOf('/', special)) || '/';
}
