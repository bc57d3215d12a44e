import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { Controller, Inject } from '@nestjs/common';
import { GrpcMethod } from '@nestjs/microservices';
import { v7 as uuid } from 'uuid';
import {
  BatchSchema, completeBatch, completeDecay, DecayDetectedSchema, ReasonKind, ReasonSchema,
  type AnnounceDataRequest, type AnnounceDataResponseSchema, type ListReasonsRequest, type ListReasonsResponseSchema, type ReportDecayRequest,
  type ReportDecayResponseSchema, type StartRunRequest, type StartRunResponseSchema,
} from '@refit/contracts';
import { RUNTIME, type Runtime } from '@refit/service';
import { Clock } from '../clock.js';
import { Intake } from '../intake/intake.js';
import { listReasons } from '../log/list-reasons.js';
import { PipelineRegistry } from '../pipelines/pipeline-registry.js';
import { pageSizeOf, pageTokenOf, placeIn } from './pages.js';
import { actorOf, bounded, required } from './request-checks.js';

/** Source of what people and programs ask for through this API, unless they name another. */
const adminSource = '/refit/admin';

/** Reasons to run, by hand or reported through the API, and what came of every reason. */
@Controller()
export class ReasonsController {
  constructor(
    @Inject(RUNTIME) private readonly runtime: Pick<Runtime, 'store'>,
    private readonly intake: Intake,
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
    return { verdicts: [...(await this.intake.take({ kind: 'data-arrived', ...identityOf(request), batch }, actorOf(request)))] };
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
    const { reasons, next } = await listReasons(this.runtime.store, {
      pipeline: request.pipeline, verdict: request.verdict, size: pageSizeOf(request), before: placeIn(request),
    });
    return { reasons, nextPageToken: pageTokenOf(next) };
  }
}

/** The identity that the caller gives an event, or a new one. */
const identityOf = ({ source, id }: { readonly source: string; readonly id: string }) => ({
  source: bounded('source', source, 512).replaceAll(/\s/g, '%20') || adminSource,
  id: bounded('id', id, 256) || uuid(),
});
