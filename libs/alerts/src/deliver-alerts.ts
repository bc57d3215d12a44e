import { AlertRaisedSchema, decodeEvent, streamSubject, type AlertRaised } from '@refit/contracts';
import type { EventStore, Position } from '@refit/event-store';

/** An alert and the run that raised it. */
export interface RaisedAlert {
  readonly runId: string;
  readonly alert: AlertRaised;
}

export interface AlertSink {
  /** Its place in the log is kept under this name. */
  readonly name: string;
  deliver(raised: RaisedAlert): Promise<void>;
}

/**
 * Brings every alert of the log to a sink, in order, from where the sink was left: none is lost in a crash, and the last
 * one may come twice. A sink that throws ends it, at the alert that it did not take.
 */
export async function deliverAlerts(store: EventStore, sink: AlertSink, signal: AbortSignal): Promise<void> {
  const record = `alerts-${sink.name}`;
  const after = (await store.getRecord(record))?.value as Position | undefined; // written below, and by nobody else
  const filter = { types: [AlertRaisedSchema.typeName] };
  for await (const message of store.subscribe({ filter, signal, ...(after !== undefined && { after }) })) {
    if (message.kind !== 'event') continue;
    const alert = decodeEvent(message.event);
    if (alert?.$typeName === 'refit.run.v1.AlertRaised') await sink.deliver({ runId: streamSubject(message.event.stream), alert });
    await store.putRecord(record, message.event.position);
  }
}
