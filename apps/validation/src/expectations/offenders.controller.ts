import { Controller, Inject, type OnApplicationBootstrap } from '@nestjs/common';
import { GrpcMethod } from '@nestjs/microservices';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import {
  decodeEvent, isRefitError, offendersStream, RefitError,
  type ForgetOffendersRequest, type ForgetOffendersResponseSchema, type GetOffendersRequest, type GetOffendersResponseSchema, type KeptOffendersSchema,
} from '@refit/contracts';
import { decideForgetting, offendersDecider, type KeptOffenders, type Offenders, type OffendersState } from '@refit/data-validation';
import { handle } from '@refit/saga';
import { RUNTIME, type Runtime } from '@refit/service';
import { decidedBy } from '../schema/request-checks.js';
import { askedOffenders, loadOffenders } from './offenders-log.js';

/** Of each artifact a long list of keys takes up to a few hundred KiB. */
const mostShown = 20;

/** ValidationService, rows that broke expectations: who may see them sees them here, and has them deleted here. */
@Controller()
export class OffendersController implements OnApplicationBootstrap {
  constructor(@Inject(RUNTIME) private readonly runtime: Pick<Runtime, 'store' | 'artifacts' | 'logger'>) {}

  onApplicationBootstrap(): void {
    this.finishForgetting().catch((error: unknown) => this.runtime.logger.warn({ error }, 'artifacts that people had forgotten could not be looked for'));
  }

  @GrpcMethod('ValidationService', 'GetOffenders')
  async getOffenders(request: GetOffendersRequest): Promise<MessageInitShape<typeof GetOffendersResponseSchema>> {
    const asked = await askedOffenders(this.runtime.store, request);
    const { state, chosen } = await loadOffenders(this.runtime.store, asked);
    const offenders = await Promise.all(chosen.slice(-mostShown).map((kept) => this.#shown(asked.dataset, kept, state)));
    return { offenders, leftOut: chosen.length - offenders.length };
  }

  @GrpcMethod('ValidationService', 'ForgetOffenders')
  async forgetOffenders(request: ForgetOffendersRequest): Promise<MessageInitShape<typeof ForgetOffendersResponseSchema>> {
    const by = decidedBy(request);
    if (by.reason.trim() === '') throw new RefitError('REQUEST_INVALID', 'reason is missing: what is deleted for good says why');
    const { runtime: { store, artifacts } } = this;
    const asked = await askedOffenders(store, request);
    const { chosen, state: before } = await loadOffenders(store, asked);
    const command = { choice: asked.choice, ...by, now: Date.now() };
    await handle(store, offendersStream(asked.dataset), offendersDecider, (state) => decideForgetting(state, command), { actor: by.actor });
    const hashes = [...new Set(chosen.map(({ hash }) => hash))];
    // Also those that were forgotten before: a crash may have come between the record and the deletion.
    for (const hash of hashes) await artifacts.remove(hash);
    return { hashes: hashes.filter((hash) => !before.forgotten.has(hash)), alreadyForgotten: hashes.filter((hash) => before.forgotten.has(hash)) };
  }

  /** Deletes what was forgotten and is still there: a crash has come between. */
  async finishForgetting(): Promise<void> {
    const { store, artifacts } = this.runtime;
    for await (const recorded of store.readAll({ filter: { streamPrefixes: [offendersStream('')], types: ['refit.schema.v1.OffendersForgotten'] } })) {
      const forgotten = decodeEvent(recorded);
      if (forgotten?.$typeName !== 'refit.schema.v1.OffendersForgotten') continue;
      for (const hash of forgotten.hashes) if (await artifacts.has(hash)) await artifacts.remove(hash);
    }
  }

  async #shown(dataset: string, { hash, runId, batch }: KeptOffenders, { forgotten }: OffendersState): Promise<MessageInitShape<typeof KeptOffendersSchema>> {
    const named = { hash, dataset, runId, batch };
    const forgetting = forgotten.get(hash);
    if (forgetting) return { ...named, forgotten: { actor: forgetting.actor, reason: forgetting.reason, forgottenAt: timestampFromMs(forgetting.at) } };
    const found = await this.runtime.artifacts.getJson(hash).catch((error: unknown) => {
      if (isRefitError(error, 'ARTIFACT_NOT_FOUND')) return undefined; // a crash came between the record and the artifact: the run's next attempt keeps it
      throw error;
    });
    if (found === undefined) return named;
    const { keyColumns, expectations } = found as Offenders; // only such artifacts are kept under these hashes
    return {
      ...named, keyColumns: [...keyColumns],
      expectations: expectations.map(({ name, unexpectedRows, columns, rows, samples }) => ({
        name, unexpectedRows, columns: [...columns], rows: rows.map(({ row, key }) => ({ row, key: key.map((part) => part ?? '') })),
        samples: samples.map(({ row, values }) => ({ row, values: present(values) })),
      })),
    };
  }
}

const present = (values: Readonly<Record<string, string | null>>): Record<string, string> =>
  Object.fromEntries(Object.entries(values).flatMap(([column, value]) => (value === null ? [] : [[column, value]])));
