import { Controller, Inject } from '@nestjs/common';
import { GrpcMethod } from '@nestjs/microservices';
import type { MessageInitShape } from '@bufbuild/protobuf';
import {
  datasetStream, schemaStream, type AcceptProposalsRequest, type AcceptProposalsResponseSchema, type ProposalState, type RejectProposalsRequest, type RejectProposalsResponseSchema, type SchemaEvent,
  type TakeReferenceRequest, type TakeReferenceResponseSchema,
} from '@refit/contracts';
import { datasetDecider, decideOnProposals, decideReference, describeChange, inferSchema, labelOf, newestVersions, outliveReference, schemaDecider, standingAgainst, type KnownSchema, type OutlivingDecisions } from '@refit/data-validation';
import { handle, load } from '@refit/saga';
import { RUNTIME, type Runtime } from '@refit/service';
import { findReference } from './find-reference.js';
import { proposalMessage } from './proposal-message.js';
import { decidedBy, required, requireIds } from './request-checks.js';
import { readSchemaLog, requireKnown } from './schema-log.js';

/** ValidationService, what people decide with it: each decision is appended to the stream of the dataset's schema. */
@Controller()
export class DecisionsController {
  constructor(@Inject(RUNTIME) private readonly runtime: Runtime) {}

  @GrpcMethod('ValidationService', 'AcceptProposals')
  async acceptProposals(request: AcceptProposalsRequest): Promise<MessageInitShape<typeof AcceptProposalsResponseSchema>> {
    const dataset = required('dataset', request.dataset);
    const ids = requireIds(request.ids);
    const { state, events } = await this.#decide(dataset, request.actor, (known) => decideOnProposals(known, { ids, accepted: true, ...decidedBy(request) }));
    const newest = await this.#newest(dataset);
    const held = state.refusals
      .filter(({ cleared, failures }) => !cleared && failures.some((id) => ids.includes(id)))
      .map((refusal) => ({ batch: refusal.batch, version: refusal.version, pipeline: refusal.pipeline, ...heldBy(state, standingAgainst(state, refusal, { schema: state.schema })) }));
    return { schemaVersion: state.version, proposals: await this.#proposals(dataset, ids), reopenedBatches: reopened(events).filter(newest), heldBatches: held.filter(newest) };
  }

  @GrpcMethod('ValidationService', 'RejectProposals')
  async rejectProposals(request: RejectProposalsRequest): Promise<MessageInitShape<typeof RejectProposalsResponseSchema>> {
    const dataset = required('dataset', request.dataset);
    const ids = requireIds(request.ids);
    await this.#decide(dataset, request.actor, (known) => decideOnProposals(known, { ids, accepted: false, ...decidedBy(request) }));
    return { proposals: await this.#proposals(dataset, ids) };
  }

  @GrpcMethod('ValidationService', 'TakeReference')
  async takeReference(request: TakeReferenceRequest): Promise<MessageInitShape<typeof TakeReferenceResponseSchema>> {
    const dataset = required('dataset', request.dataset);
    await readSchemaLog(this.runtime.store, dataset);
    const { snapshot, statistics, batch, runId } = await findReference(this.runtime, { dataset, batch: request.batch, runId: request.runId });
    const command = {
      schema: inferSchema(statistics), referenceStatisticsHash: snapshot.statisticsHash, referenceSnapshotHash: snapshot.hash, referenceRows: statistics.rows, batch, runId, ...decidedBy(request), drop: request.drop.length === 0 ? [] : requireIds(request.drop),
    };
    let decisions: OutlivingDecisions | undefined;
    const { events } = await this.#decide(dataset, request.actor, (known) => {
      decisions = outliveReference(known, command.schema, command.drop);
      return decideReference(known, command);
    });
    const schema = (await readSchemaLog(this.runtime.store, dataset)).versions.at(-1);
    const unchanged = events.length === 0;
    return {
      ...(schema && { schema }), unchanged, reopenedBatches: reopened(events).filter(await this.#newest(dataset)),
      ...(!unchanged && { keptDecisions: decisions?.kept ?? 0, dropped: droppedMessages(decisions) }),
    };
  }

  async #decide(dataset: string, actor: string, decide: (state: KnownSchema) => readonly SchemaEvent[]) {
    const handled = await handle(this.runtime.store, schemaStream(dataset), schemaDecider, (state) => decide(requireKnown(state, dataset)), { actor });
    return { ...handled, state: requireKnown(handled.state, dataset) };
  }

  /** Of a batch that was delivered again since, an older version is not judged any more. */
  async #newest(dataset: string): Promise<(of: { readonly batch: string; readonly version: number }) => boolean> {
    const { state } = await load(this.runtime.store, datasetStream(dataset), datasetDecider);
    const labels = new Set(newestVersions(state).map(labelOf));
    return ({ batch, version }) => labels.has(`${batch}@${version}`);
  }

  async #proposals(dataset: string, ids: readonly string[]): Promise<ProposalState[]> {
    const log = await readSchemaLog(this.runtime.store, dataset);
    return ids.flatMap((id) => log.state.proposals.get(id) ?? []).map((record) => proposalMessage(log, record));
  }
}

/** Of what stands against a batch, that which no decision removes. */
const heldBy = ({ proposals }: KnownSchema, failures: readonly string[]) =>
  ({ failures: [...failures], findings: failures.filter((id) => proposals.get(id)?.proposal.anomaly?.change === undefined) });

const droppedMessages = (decisions: OutlivingDecisions | undefined) => decisions?.dropped.map(({ id, change, because }) => ({ id, because, change: describeChange(change) })) ?? [];

const reopened = (events: readonly SchemaEvent[]) =>
  events.flatMap((e) => (e.$typeName === 'refit.validation.v1.BatchCleared' ? [{ batch: e.batch, version: e.version, pipeline: e.pipeline }] : []));
