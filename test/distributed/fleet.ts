import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vi } from 'vitest';
import { Step, streamSubject } from '@refit/contracts';
import type { EventStore } from '@refit/event-store';
import { openSqliteEventStore } from '@refit/event-store/sqlite';
import { connect } from '@refit/refit';
import { claimsOf, type LoggedClaim } from '../support/claims.ts';
import { historyOf } from '../support/history.ts';
import type { Addresses } from '../support/play-shop.ts';
import { healthOf, healthOfAll } from '../support/service-health.ts';
import { serviceNames } from '../support/service-process.ts';
import { startServices, type Services } from '../support/services.ts';
import { startSlowTraining, type Slowness } from './slow-training.ts';

export const patience = 120_000;

export const eventually = <T>(check: () => T | Promise<T>) => vi.waitFor(check, { timeout: patience / 2, interval: 50 });

/** Several processes of each service, and what a test asks of them and of their log. */
export class Fleet {
  readonly folder: string;
  readonly services: Services;
  readonly store: EventStore;

  /** Resolves when all are up. */
  static async start(options: { readonly brokers: string; readonly prefix: string; readonly instances: number; readonly leaseTtlMs: number }): Promise<Fleet> {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'refit-fleet-')));
    const services = await startServices({ ...options, folder, env: { REFIT_LEASES_TTL: `${options.leaseTtlMs}ms` } });
    return new Fleet(folder, services, await openSqliteEventStore({ file: join(services.dataDirectory, 'events.sqlite') }));
  }

  private constructor(folder: string, services: Services, store: EventStore) {
    this.folder = folder;
    this.services = services;
    this.store = store;
  }

  async stop(): Promise<void> {
    await this.services.stop();
    await this.store.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** All processes run, and are well. */
  allWell(instances: number): Promise<void> {
    return eventually(async () => {
      const health = await healthOfAll(this.services);
      const unwell = health.filter(({ status }) => status !== 'ok');
      if (unwell.length > 0 || health.length !== instances * serviceNames.length) throw new Error(`${health.length} processes run; of them are unwell: ${JSON.stringify(unwell)}`);
    });
  }

  async addressesOf(name: string): Promise<Addresses> {
    const process = this.services.processes.get(name);
    if (!process) throw new Error(`no process ${name} runs`);
    const { http, grpc = '' } = await process.ready();
    return { http, grpc };
  }

  async nameOf(instanceId: string): Promise<string> {
    for (const name of this.services.processes.keys()) if ((await healthOf(this.services, name)).instanceId === instanceId) return name;
    throw new Error(`no process is instance ${instanceId}`);
  }

  async startSlowTraining(name: string, slowness: Slowness): Promise<void> {
    await startSlowTraining(await this.addressesOf('trigger'), name, slowness, join(this.folder, `${name}.csv`));
  }

  /** The stream of a pipeline's first run. */
  async runOf(pipeline: string): Promise<string> {
    for await (const { stream, data } of this.store.readAll({ filter: { types: ['refit.run.v1.RunRequested'] } })) if (data['pipeline'] === pipeline) return stream;
    throw new Error(`${pipeline} has no run yet`);
  }

  /** The claim of the training of a pipeline's first run, once there is one of this attempt. */
  trainingOf(pipeline: string, attempt = 1): Promise<LoggedClaim> {
    return eventually(async () => {
      const run = await this.runOf(pipeline);
      const claim = (await claimsOf(this.store)).findLast((one) => one.run === run && one.step === Step.TRAIN);
      if (claim?.attempt !== attempt) throw new Error(`the training of ${pipeline} was not claimed ${attempt} times`);
      return claim;
    });
  }

  /** What the first run of a pipeline found, once it has ended. */
  findingsOf(pipeline: string): Promise<readonly string[]> {
    return eventually(async () => {
      const [run] = (await historyOf(this.store, pipeline)).runs;
      if (run?.end === undefined || run.end === 'open') throw new Error(`the run of ${pipeline} has not ended`);
      return run.findings;
    });
  }

  /** Cancels the first run of a pipeline, where this process answers. */
  async cancel(pipeline: string, trigger: string): Promise<void> {
    const client = connect((await this.addressesOf(trigger)).grpc);
    await client.admin.cancelRun({ runId: streamSubject(await this.runOf(pipeline)), actor: 'test', reason: 'enough' }).finally(() => client.close());
  }
}
