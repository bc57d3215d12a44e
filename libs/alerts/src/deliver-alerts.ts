import { setTimeout as sleep } from 'node:timers/promises';
import { AlertRaisedSchema, decodeEvent, streamSubject, type AlertRaised } from '@refit/contracts';
import type { EventStore } from '@refit/event-store';
import { SinkRole, type Deliverer } from './sink-role.js';

/** An alert and the run that raised it. */
export interface RaisedAlert {
  readonly runId: string;
  readonly alert: AlertRaised;
}

export interface AlertSink {
  /** Who delivers to it, and how far, is kept under this name. */
  readonly name: string;
  deliver(raised: RaisedAlert): Promise<void>;
}

export interface DeliverAlerts {
  readonly store: EventStore;
  readonly sink: AlertSink;
  readonly deliverer: Deliverer;
  readonly signal: AbortSignal;
  /** Told when an alert could not be delivered; it is tried again in a moment. */
  readonly onTrouble: (error: unknown) => void;
}

const longestPauseMs = 1000;

/**
 * Brings every alert of the log to a sink, in order, from where the sink was left, until the signal. Of several processes
 * one does it; another takes over when it ends or dies. None is lost, and the last one before a crash may come twice.
 */
export async function deliverAlerts({ store, sink, deliverer, signal, onTrouble }: DeliverAlerts): Promise<void> {
  const role = new SinkRole(store, `alerts-${sink.name}`, deliverer);
  const pauseMs = Math.min(longestPauseMs, deliverer.leaseTtlMs / 4);
  while (!signal.aborted) {
    try {
      if (await role.tryTake()) await deliverFrom(role, store, sink, signal);
    } catch (error) {
      if (!signal.aborted) onTrouble(error);
    }
    await sleep(pauseMs, undefined, { signal }).catch(() => {}); // the loop looks at the signal
  }
  await role.free().catch(() => {}); // it is taken for dead in a moment
}

/** Until the signal, or until another process has the role. */
async function deliverFrom(role: SinkRole, store: EventStore, sink: AlertSink, signal: AbortSignal): Promise<void> {
  const after = role.position;
  const filter = { types: [AlertRaisedSchema.typeName] };
  for await (const message of store.subscribe({ filter, signal, ...(after !== undefined && { after }) })) {
    if (message.kind !== 'event') continue;
    const alert = decodeEvent(message.event);
    if (alert?.$typeName === 'refit.run.v1.AlertRaised') await sink.deliver({ runId: streamSubject(message.event.stream), alert });
    if (!(await role.move(message.event.position))) return;
  }
}
