import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { deliverAlerts, type RaisedAlert } from '@refit/alerts';
import { RUNTIME, type Runtime } from '@refit/service';

/** Writes every alert to the process's log. */
@Injectable()
export class AlertLog implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #stopping = new AbortController();
  #delivering: Promise<void> = Promise.resolve();

  constructor(@Inject(RUNTIME) private readonly runtime: Runtime) {}

  onApplicationBootstrap(): void {
    const { store, logger } = this.runtime;
    const deliver = async ({ runId, alert }: RaisedAlert) => {
      logger.warn({ runId, alert: alert.kind, message: alert.message }, alert.title);
    };
    this.#delivering = deliverAlerts(store, { name: 'log', deliver }, this.#stopping.signal).catch((err: unknown) => {
      if (!this.#stopping.signal.aborted) logger.error({ err }, 'alerts are no longer logged');
    });
  }

  async onApplicationShutdown(): Promise<void> {
    this.#stopping.abort();
    await this.#delivering;
  }
}
