import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { Controller } from '@nestjs/common';
import { GrpcMethod } from '@nestjs/microservices';
import { v7 as uuid } from 'uuid';
import {
  BackfillRangeSchema, Verdict, type CancelBackfillRequest, type CancelBackfillResponseSchema, type GetBackfillRequest, type GetBackfillResponseSchema,
  type ListBackfillsRequest, type ListBackfillsResponseSchema, type PlanBackfillRequest, type PlanBackfillResponseSchema, type StartBackfillRequest,
  type StartBackfillResponseSchema,
} from '@refit/contracts';
import { readPage } from '@refit/projections';
import { actorOf, bounded, required } from '../admin/request-checks.js';
import { backfillMessage } from './backfill-message.js';
import { Backfills, requestedAt, type KnownBackfill } from './backfills.js';

@Controller()
export class BackfillsController {
  constructor(private readonly backfills: Backfills) {}

  @GrpcMethod('AdminService', 'PlanBackfill')
  async planBackfill({ range }: PlanBackfillRequest): Promise<MessageInitShape<typeof PlanBackfillResponseSchema>> {
    const { step, spans, remarks } = await this.backfills.plan(range ?? create(BackfillRangeSchema));
    return {
      step, remarks: [...remarks],
      spans: spans.map(({ span, verdict, why, runId, data }) => ({
        from: timestampFromMs(span.from), until: timestampFromMs(span.until), starts: verdict === Verdict.QUEUED, why, runId,
        batches: data.batches, rows: data.rows, rowsExact: data.exact,
      })),
    };
  }

  @GrpcMethod('AdminService', 'StartBackfill')
  async startBackfill(request: StartBackfillRequest): Promise<MessageInitShape<typeof StartBackfillResponseSchema>> {
    const { range = create(BackfillRangeSchema), promote } = request;
    const { remarks, ...known } = await this.backfills.start({ backfillId: bounded('request_id', request.requestId, 100) || uuid(), range, promote, actor: actorOf(request) });
    return { backfill: backfillMessage(known), remarks: [...remarks] };
  }

  @GrpcMethod('AdminService', 'CancelBackfill')
  async cancelBackfill(request: CancelBackfillRequest): Promise<MessageInitShape<typeof CancelBackfillResponseSchema>> {
    const command = { actor: actorOf(request), reason: bounded('reason', request.reason) };
    return { backfill: backfillMessage(await this.backfills.cancel(required('backfill_id', request.backfillId), command)) };
  }

  @GrpcMethod('AdminService', 'GetBackfill')
  async getBackfill({ backfillId }: GetBackfillRequest): Promise<MessageInitShape<typeof GetBackfillResponseSchema>> {
    return { backfill: backfillMessage(await this.backfills.find(required('backfill_id', backfillId))) };
  }

  @GrpcMethod('AdminService', 'ListBackfills')
  async listBackfills(request: ListBackfillsRequest): Promise<MessageInitShape<typeof ListBackfillsResponseSchema>> {
    const newestFirst = await this.backfills.list(request.pipeline);
    const isAfter = ([at, id]: readonly (string | number)[]) => (known: KnownBackfill) => requestedAt(known) < Number(at) || (requestedAt(known) === Number(at) && known.state.requested.backfillId < String(id));
    const { items, nextPageToken } = readPage(request, 2, (after, limit) => (after ? newestFirst.filter(isAfter(after)) : newestFirst).slice(0, limit), (known) => [requestedAt(known), known.state.requested.backfillId]);
    return { backfills: items.map((known) => backfillMessage(known, false)), nextPageToken };
  }
}
