import { Controller, Inject } from '@nestjs/common';
import { GrpcMethod } from '@nestjs/microservices';
import type { MessageInitShape } from '@bufbuild/protobuf';
import {
  modelStream, RefitError,
  type AliasMoved, type GetModelRequest, type GetModelResponseSchema, type ListModelsRequest, type ListModelsResponseSchema,
  type ListVersionsRequest, type ListVersionsResponseSchema, type ModelEvent, type PromoteVersionRequest,
  type PromoteVersionResponseSchema, type RollBackAliasRequest, type RollBackAliasResponseSchema,
} from '@refit/contracts';
import { championAlias, championOf, decidePromotion, decideRollback, modelDecider, type ModelState, type MoveAlias } from '@refit/model-registry';
import { handle, load } from '@refit/saga';
import { RUNTIME, type Runtime } from '@refit/service';
import { ModelList } from './model-list.js';
import { requireName, requireText } from './request-checks.js';
import { versionFilter } from './version-filter.js';

/** A page of versions, each with its metrics and gates, stays under the 4 MiB that gRPC clients accept. */
const largestPage = 200;

/** RegistryService over gRPC: lists come from the read model, one model and its aliases from its own stream. */
@Controller()
export class RegistryController {
  constructor(
    @Inject(RUNTIME) private readonly runtime: Runtime,
    private readonly lists: ModelList,
  ) {}

  @GrpcMethod('RegistryService', 'ListModels')
  async listModels({ pageSize, pageToken, namePattern, ...versions }: ListModelsRequest): Promise<MessageInitShape<typeof ListModelsResponseSchema>> {
    const { items, nextPageToken } = await this.lists.models({ pageSize: Math.min(pageSize, largestPage), pageToken, namePattern, versions: versionFilter(versions) });
    return { models: [...items], nextPageToken };
  }

  @GrpcMethod('RegistryService', 'GetModel')
  async getModel({ name }: GetModelRequest): Promise<MessageInitShape<typeof GetModelResponseSchema>> {
    const { state } = await load(this.runtime.store, modelStream(name), modelDecider);
    if (state.versions.length === 0) throw unknownModel(name);
    const champion = championOf(state);
    return {
      model: {
        name,
        aliases: Object.fromEntries([...state.aliases].map(([alias, { version }]) => [alias, version])),
        latestVersion: state.versions.at(-1)?.version ?? 0,
        ...(champion && { champion }),
      },
      aliasHistory: [...state.moves],
    };
  }

  @GrpcMethod('RegistryService', 'ListVersions')
  async listVersions({ model, pageSize, pageToken, ...filter }: ListVersionsRequest): Promise<MessageInitShape<typeof ListVersionsResponseSchema>> {
    const page = await this.lists.versions(model, versionFilter(filter), { pageSize: Math.min(pageSize, largestPage), pageToken });
    if (!page) throw unknownModel(model);
    return { versions: [...page.items], nextPageToken: page.nextPageToken };
  }

  @GrpcMethod('RegistryService', 'PromoteVersion')
  async promoteVersion(request: PromoteVersionRequest): Promise<MessageInitShape<typeof PromoteVersionResponseSchema>> {
    return { moved: await this.#move(request, (state, command) => decidePromotion(state, { ...command, version: request.version })) };
  }

  @GrpcMethod('RegistryService', 'RollBackAlias')
  async rollBackAlias(request: RollBackAliasRequest): Promise<MessageInitShape<typeof RollBackAliasResponseSchema>> {
    return { moved: await this.#move(request, decideRollback) };
  }

  async #move(
    { model, alias, actor, reason }: Pick<RollBackAliasRequest, 'model' | 'alias' | 'actor' | 'reason'>,
    decide: (state: ModelState, command: MoveAlias) => readonly ModelEvent[],
  ): Promise<AliasMoved> {
    const command: MoveAlias = {
      model,
      alias: alias === '' ? championAlias : requireName('alias', alias),
      actor: requireText('actor', actor) || 'somebody',
      reason: requireText('reason', reason),
      now: Date.now(),
    };
    const { events } = await handle(this.runtime.store, modelStream(model), modelDecider, (state) => decide(state, command), { actor: command.actor });
    const [moved] = events;
    if (moved?.$typeName !== 'refit.model.v1.AliasMoved') throw new RefitError('INTERNAL', `no alias of model ${model} was moved`);
    return moved;
  }
}

const unknownModel = (name: string) => new RefitError('MODEL_NOT_FOUND', `there is no model ${name}; see \`refit models\``);
