import type { JsonObject, MessageInitShape } from '@bufbuild/protobuf';
import type { Metadata } from '@grpc/grpc-js';
import { Controller, Inject } from '@nestjs/common';
import { GrpcMethod } from '@nestjs/microservices';
import {
  progressRecord, RefitError, runStream,
  type CancelRunRequest, type CancelRunResponseSchema, type GetRunRequest, type GetRunResponseSchema, type ListAlertsRequest, type ListAlertsResponseSchema,
  type ListRunsRequest, type ListRunsResponseSchema, type ReplayRunRequest, type ReplayRunResponseSchema, type RetryRunRequest, type RetryRunResponseSchema,
  type WatchRunsRequest, type WatchRunsResponseSchema,
} from '@refit/contracts';
import type { RecordedEvent } from '@refit/event-store';
import { decideCancel, runDecider } from '@refit/run';
import { handle } from '@refit/saga';
import { RUNTIME, type Runtime } from '@refit/service';
import { from, switchMap, type Observable } from 'rxjs';
import { ReadModels } from '../runs/read-models.js';
import { foldRun, replayRun } from '../runs/replay-run.js';
import { emptyRunView, evolveRunView, runMessage } from '../runs/run-view.js';
import { watchRuns } from '../runs/watch-runs.js';
import { Triggers } from '../triggers/triggers.js';
import { eventMessage } from './event-message.js';
import type { ServerStream } from './observe.js';
import { actorOf, bounded, withTimeSpan } from './request-checks.js';

/** Runs: what they are, and what a person may do with them. A run is named by its id or a unique beginning of it. */
@Controller()
export class RunsController {
  constructor(
    @Inject(RUNTIME) private readonly runtime: Pick<Runtime, 'store'>,
    private readonly readModels: ReadModels,
    private readonly triggers: Triggers,
  ) {}

  @GrpcMethod('AdminService', 'CancelRun')
  async cancelRun(request: CancelRunRequest): Promise<MessageInitShape<typeof CancelRunResponseSchema>> {
    const runId = await this.readModels.runId(request.runId);
    const command = { actor: actorOf(request), reason: bounded('reason', request.reason) };
    await handle(this.runtime.store, runStream(runId), runDecider, (run) => decideCancel(run, command), { correlationId: runId, actor: command.actor });
    await this.triggers.runMayHaveEnded(runId);
    return { runId };
  }

  @GrpcMethod('AdminService', 'RetryRun')
  async retryRun(request: RetryRunRequest): Promise<MessageInitShape<typeof RetryRunResponseSchema>> {
    const runId = await this.readModels.runId(request.runId);
    const { row } = await foldRun(this.runtime.store, runId);
    await this.triggers.of(row?.pipeline ?? '').retry(runId, actorOf(request), bounded('reason', request.reason));
    return { runId };
  }

  @GrpcMethod('AdminService', 'GetRun')
  async getRun(request: GetRunRequest): Promise<MessageInitShape<typeof GetRunResponseSchema>> {
    const { store } = this.runtime;
    const runId = await this.readModels.runId(request.runId);
    const events: RecordedEvent[] = [];
    for await (const recorded of store.readStream(runStream(runId))) events.push(recorded);
    const { row } = events.reduce(evolveRunView, emptyRunView);
    if (!row) throw new RefitError('RUN_NOT_FOUND', `there is no run ${runId}; see \`refit runs\``);
    const progress = row.status === 'open' ? await store.getRecord(progressRecord(runId)) : undefined;
    return { run: runMessage(row), events: events.map(eventMessage), ...(progress && { progress: progress.value as JsonObject }) }; // the engine writes objects
  }

  @GrpcMethod('AdminService', 'ListRuns')
  async listRuns(request: ListRunsRequest): Promise<MessageInitShape<typeof ListRunsResponseSchema>> {
    if (request.pipeline !== '') this.triggers.of(request.pipeline);
    const { items, nextPageToken } = (await this.readModels.runs()).list(withTimeSpan(request));
    return { runs: items.map(runMessage), nextPageToken };
  }

  @GrpcMethod('AdminService', 'WatchRuns')
  watchRuns(request: WatchRunsRequest, _metadata?: Metadata, call?: ServerStream): Observable<MessageInitShape<typeof WatchRunsResponseSchema>> {
    const { store } = this.runtime;
    if (request.runId === '') return watchRuns(store, request, call);
    return from(this.readModels.runId(request.runId)).pipe(switchMap((runId) => watchRuns(store, { ...request, runId }, call)));
  }

  @GrpcMethod('AdminService', 'ReplayRun')
  async replayRun(request: ReplayRunRequest): Promise<MessageInitShape<typeof ReplayRunResponseSchema>> {
    const runId = await this.readModels.runId(request.runId);
    return replayRun(this.runtime.store, runId, (await this.readModels.runs()).find(runId));
  }

  @GrpcMethod('AdminService', 'ListAlerts')
  async listAlerts(request: ListAlertsRequest): Promise<MessageInitShape<typeof ListAlertsResponseSchema>> {
    if (request.pipeline !== '') this.triggers.of(request.pipeline);
    const { items, nextPageToken } = (await this.readModels.alerts()).list(withTimeSpan(request));
    return { alerts: items.map(({ runId, pipeline, alert }) => ({ runId, pipeline, alert })), nextPageToken };
  }
}
