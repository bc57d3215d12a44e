import type { Bus, Inbox } from '@refit/bus';
import type { Logger } from 'pino';
import type { RefitConfig } from '../runtime.js';

export interface OpenBus {
  readonly bus: Bus;
  readonly inbox?: Inbox;
  readonly close: () => Promise<void>;
}

/** The bus of the configuration, through its adapter, which is loaded only then. @throws RefitError BUS_UNAVAILABLE */
export async function openBus({ bus: wanted }: RefitConfig, processName: string, logger: Logger): Promise<OpenBus> {
  if (wanted.kind === 'kafka') {
    const { openKafka } = await import('@refit/bus/kafka');
    return openKafka({ config: wanted, clientId: `refit-${processName}`, logger });
  }
  const { embeddedBus } = await import('@refit/bus/embedded');
  const bus = embeddedBus({ logger });
  return { bus, close: () => bus.close() };
}

/** How people know it. */
export const busName = ({ bus }: RefitConfig): string => (bus.kind === 'kafka' ? `Kafka at ${bus.brokers.join(', ')}` : 'the bus');
