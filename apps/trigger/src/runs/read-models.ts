import { join } from 'node:path';
import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { RefitError } from '@refit/contracts';
import {
  alertsProjection, alertsQueries, deadLettersProjection, deadLettersQueries, openProjection, reasonsProjection, reasonsQueries, runsProjection, runsQueries,
  type AlertsQueries, type DeadLettersQueries, type OpenProjection, type Projection, type ProjectionReader, type ReasonsQueries, type RunsQueries,
} from '@refit/projections';
import { readModelsFolder, RUNTIME, type Runtime } from '@refit/service';

/** The lists of runs, alerts, reasons to run and dead letters, as the log is when they are asked for. */
@Injectable()
export class ReadModels implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #open = new Map<Projection, OpenProjection>();
  readonly #ready = Promise.withResolvers<void>();

  constructor(@Inject(RUNTIME) private readonly runtime: Pick<Runtime, 'store' | 'config' | 'instanceName' | 'logger'>) {}

  async onApplicationBootstrap(): Promise<void> {
    const { store, logger } = this.runtime;
    const file = join(readModelsFolder(this.runtime), 'trigger.sqlite');
    for (const projection of [runsProjection, alertsProjection, reasonsProjection, deadLettersProjection]) {
      this.#open.set(projection, await openProjection({ file, projection, store, logger }));
    }
    this.#ready.resolve();
  }

  /** Resolves when they can be asked. */
  ready(): Promise<void> {
    return this.#ready.promise;
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([...this.#open.values()].map((projection) => projection.stop()));
  }

  /** @throws RefitError STORE_UNAVAILABLE */
  async runs(): Promise<RunsQueries> {
    return runsQueries(await this.#caughtUp(runsProjection));
  }

  /** @throws RefitError STORE_UNAVAILABLE */
  async alerts(): Promise<AlertsQueries> {
    return alertsQueries(await this.#caughtUp(alertsProjection));
  }

  /** @throws RefitError STORE_UNAVAILABLE */
  async reasons(): Promise<ReasonsQueries> {
    return reasonsQueries(await this.#caughtUp(reasonsProjection));
  }

  /** @throws RefitError STORE_UNAVAILABLE */
  async deadLetters(): Promise<DeadLettersQueries> {
    return deadLettersQueries(await this.#caughtUp(deadLettersProjection));
  }

  /**
   * The whole id of the run that a prefix names.
   *
   * @throws RefitError REQUEST_INVALID, RUN_NOT_FOUND
   */
  async runId(prefix: string): Promise<string> {
    const given = prefix.trim().toLowerCase();
    if (!/^[0-9a-f-]{1,36}$/.test(given)) throw new RefitError('REQUEST_INVALID', `"${prefix.slice(0, 50)}" is not a run id or the beginning of one; see \`refit runs\``);
    const db = await this.#caughtUp(runsProjection);
    const [first, second] = db.all('SELECT run_id FROM runs WHERE run_id >= ? AND run_id < ? ORDER BY run_id LIMIT 2', given, `${given}~`);
    if (!first) throw new RefitError('RUN_NOT_FOUND', `there is no run ${given}; see \`refit runs\``);
    if (second) throw new RefitError('REQUEST_INVALID', `several runs begin with ${given}, such as ${String(first['run_id'])} and ${String(second['run_id'])}; give more of the id`);
    return String(first['run_id']);
  }

  async #caughtUp(projection: Projection): Promise<ProjectionReader> {
    const open = this.#open.get(projection);
    if (!open) throw new RefitError('STORE_UNAVAILABLE', 'the lists are not up yet; try again in a moment');
    await open.caughtUp();
    return open.db;
  }
}
