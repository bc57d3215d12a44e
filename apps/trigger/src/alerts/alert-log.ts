import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { deliverAlerts, type RaisedAlert } from '@refit/alerts';
import { RUNTIME, type Runtime } from '@refit/service';

/** Writes every alert to the log of one of the trigger's processes. */
@Injectable()
export class AlertLog implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #stopping = new AbortController();
  #delivering: Promise<void> = Promise.resolve();

  constructor(@Inject(RUNTIME) private readonly runtime: Runtime) {}

  onApplicationBootstrap(): void {
    const { store, config, instanceId, soleInstance, predecessor, logger } = this.runtime;
    const deliverer = { instanceId, leaseTtlMs: config.leaseTtlMs, soleInstance, ...(predecessor !== undefined && { predecessor }) };
    const deliver = async ({ runId, alert }: RaisedAlert) => {
      logger.warn({ runId, alert: alert.kind, message: alert.message }, alert.title);
    };
    const onTrouble = (err: unknown) => logger.warn({ err }, 'alerts cannot be logged now; going on in a moment');
    this.#delivering = deliverAlerts({ store, sink: { name: 'log', deliver }, deliverer, signal: this.#stopping.signal, onTrouble });
  }

  async onApplicationShutdown(): Promise<void> {
    this.#stopping.abort();
    await this.#delivering;
  }
}
