import { Controller, Inject } from '@nestjs/common';
import { GrpcMethod } from '@nestjs/microservices';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { RefitError, type GetSchemaRequest, type GetSchemaResponseSchema, type ListProposalsRequest, type ListProposalsResponseSchema, type ListSchemaVersionsRequest, type ListSchemaVersionsResponseSchema } from '@refit/contracts';
import type { ProposalStatus } from '@refit/data-validation';
import { readPage } from '@refit/projections';
import { RUNTIME, type Runtime } from '@refit/service';
import { proposalFilter } from './proposal-filter.js';
import { proposalMessage } from './proposal-message.js';
import { required } from './request-checks.js';
import { readSchemaLog } from './schema-log.js';

/** A page of versions, each a whole schema of at most 64 KiB, stays under the 4 MiB that gRPC clients accept; so do proposals. */
const largestPage = 50;
const largestProposalPage = 200;

/** ValidationService, what it tells: schemas, their versions, what gates have found. Each dataset's own stream tells it all. */
@Controller()
export class SchemasController {
  constructor(@Inject(RUNTIME) private readonly runtime: Runtime) {}

  @GrpcMethod('ValidationService', 'GetSchema')
  async getSchema({ dataset, version }: GetSchemaRequest): Promise<MessageInitShape<typeof GetSchemaResponseSchema>> {
    const log = await readSchemaLog(this.runtime.store, required('dataset', dataset));
    const schema = version === 0 ? log.versions.at(-1) : log.versions.find((one) => one.version === version);
    if (!schema) throw new RefitError('SCHEMA_NOT_FOUND', `the schema of dataset ${dataset} has no version ${version}; its latest is ${log.state.version}`);
    const statuses = [...log.state.proposals.values()].map((record) => proposalMessage(log, record).status);
    const count = (status: ProposalStatus) => statuses.filter((one) => one === status).length;
    return { schema, latestVersion: log.state.version, openProposals: count('open'), openFindings: count('finding') };
  }

  @GrpcMethod('ValidationService', 'ListSchemaVersions')
  async listSchemaVersions({ dataset, pageSize, pageToken }: ListSchemaVersionsRequest): Promise<MessageInitShape<typeof ListSchemaVersionsResponseSchema>> {
    const newestFirst = (await readSchemaLog(this.runtime.store, required('dataset', dataset))).versions.toReversed();
    const page = readPage(
      { pageSize: Math.min(pageSize, largestPage), pageToken }, 1,
      (after, limit) => newestFirst.filter(({ version }) => after === undefined || version < Number(after[0])).slice(0, limit), ({ version }) => [version],
    );
    return { versions: [...page.items], nextPageToken: page.nextPageToken };
  }

  @GrpcMethod('ValidationService', 'ListProposals')
  async listProposals(request: ListProposalsRequest): Promise<MessageInitShape<typeof ListProposalsResponseSchema>> {
    const isAsked = proposalFilter(request);
    const log = await readSchemaLog(this.runtime.store, required('dataset', request.dataset));
    // Their order never changes: a place in it is the same on every page.
    const all = [...log.state.proposals.values()].map((record, place) => ({ place, proposal: proposalMessage(log, record) })).toReversed();
    const wanted = all.filter(({ proposal }) => isAsked(proposal));
    const page = readPage(
      { pageSize: Math.min(request.pageSize, largestProposalPage), pageToken: request.pageToken }, 1,
      (after, limit) => wanted.filter(({ place }) => after === undefined || place < Number(after[0])).slice(0, limit), ({ place }) => [place],
    );
    return { proposals: page.items.map(({ proposal }) => proposal), nextPageToken: page.nextPageToken };
  }
}
