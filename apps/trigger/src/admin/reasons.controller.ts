import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { Controller } from '@nestjs/common';
import { GrpcMethod } from '@nestjs/microservices';
import { v7 as uuid } from 'uuid';
import {
  BatchSchema, completeBatch, completeDecay, DecayDetectedSchema, ReasonKind, ReasonSchema, unknownNumbers,
  type AnnounceDataRequest, type AnnounceDataResponseSchema, type ListReasonsRequest, type ListReasonsResponseSchema, type ReportDecayRequest,
  type ReportDecayResponseSchema, type StartRunRequest, type StartRunResponseSchema,
} from '@refit/contracts';
import { Clock } from '../clock.js';
import { Intake } from '../intake/intake.js';
import { PipelineRegistry } from '../pipelines/pipeline-registry.js';
import { ReadModels } from '../runs/read-models.js';
import { actorOf, bounded, required, withTimeSpan } from './request-checks.js';

/** Source of what people and programs ask for through this API, unless they name another. */
const adminSource = '/refit/admin';

/** Reasons to run, by hand or reported through the API, and what came of every reason. */
@Controller()
export class ReasonsController {
  constructor(
    private readonly intake: Intake,
    private readonly readModels: ReadModels,
    private readonly pipelines: PipelineRegistry,
    private readonly clock: Clock,
  ) {}

  @GrpcMethod('AdminService', 'StartRun')
  async startRun(request: StartRunRequest): Promise<MessageInitShape<typeof StartRunResponseSchema>> {
    const actor = actorOf(request);
    const reason = create(ReasonSchema, {
      kind: ReasonKind.MANUAL,
      source: adminSource,
      id: bounded('request_id', request.requestId, 256) || uuid(),
      actor,
      summary: bounded('reason', request.reason) || `started by ${actor}`,
      occurredAt: timestampFromMs(this.clock.now()),
    });
    const { judged } = await this.intake.judge(required('pipeline', request.pipeline), reason);
    return { judged };
  }

  @GrpcMethod('AdminService', 'AnnounceData')
  async announceData(request: AnnounceDataRequest): Promise<MessageInitShape<typeof AnnounceDataResponseSchema>> {
    const batch = completeBatch(request.batch ?? create(BatchSchema));
    const verdicts = await this.intake.take({ kind: 'data-arrived', ...identityOf(request), batch }, actorOf(request));
    return { verdicts: [...verdicts], warnings: request.batch ? [...unknownNumbers(request.batch)] : [] };
  }

  @GrpcMethod('AdminService', 'ReportDecay')
  async reportDecay(request: ReportDecayRequest): Promise<MessageInitShape<typeof ReportDecayResponseSchema>> {
    const { pipeline, severity, summary } = request;
    const decay = completeDecay(create(DecayDetectedSchema, { pipeline, severity, summary }));
    const [verdict] = await this.intake.take({ kind: 'decay-detected', ...identityOf(request), decay }, actorOf(request));
    return verdict ? { judged: verdict.judged } : {};
  }

  @GrpcMethod('AdminService', 'ListReasons')
  async listReasons(request: ListReasonsRequest): Promise<MessageInitShape<typeof ListReasonsResponseSchema>> {
    if (request.pipeline !== '') this.pipelines.get(request.pipeline);
    const { items, nextPageToken } = (await this.readModels.reasons()).list(withTimeSpan(request));
    return { reasons: items.map(({ pipeline, judged, runId }) => ({ pipeline, judged, runId })), nextPageToken };
  }
}

/** The identity that the caller gives an event, or a new one. */
const identityOf = ({ source, id }: { readonly source: string; readonly id: string }) => ({
  source: bounded('source', source, 512).replaceAll(/\s/g, '%20') || adminSource,
  id: bounded('id', id, 256) || uuid(),
});
