import { RefitError } from '@refit/contracts';
import type { Bus, Inbox } from '@refit/bus';
import type { Logger } from 'pino';
import type { RefitConfig } from '../runtime.js';

export interface OpenBus {
  readonly bus: Bus;
  readonly inbox?: Inbox;
  readonly close: () => Promise<void>;
}

/** The bus of the configuration, through its adapter, which is loaded only then. @throws RefitError BUS_UNAVAILABLE */
export async function openBus({ bus: wanted }: RefitConfig, logger: Logger): Promise<OpenBus> {
  if (wanted.kind === 'kafka') throw new RefitError('CONFIG_INVALID', 'there is no adapter for Kafka here yet: choose the bus kind embedded');
  const { embeddedBus } = await import('@refit/bus/embedded');
  const bus = embeddedBus({ logger });
  return { bus, close: () => bus.close() };
}

/** How people know it. */
export const busName = ({ bus }: RefitConfig): string => (bus.kind === 'kafka' ? `Kafka at ${bus.brokers.join(', ')}` : 'the bus');
