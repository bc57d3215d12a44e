import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { decodeEvent, RefitError, triggerStream } from '@refit/contracts';
import type { EventStore } from '@refit/event-store';
import { deliveries, type Delivery } from './deliveries.js';

const source = 'refit/examples/flights';

/** What is told of the story besides the events themselves. */
export type Remark = (text: string) => void;

export interface Delivering {
  readonly store: EventStore;
  readonly pipeline: string;
  readonly folder: string;
  readonly eventsUrl: string;
  readonly token?: string | undefined;
  readonly remark: Remark;
  readonly signal: AbortSignal;
}

/**
 * Announces the weeks one after the other as CloudEvents over HTTP, each when the system has nothing more to do with the
 * one before. Those that the log already holds are left out, so that the story goes on where it stopped.
 *
 * @returns how many arrivals are new
 */
export async function deliverWeeks(delivering: Delivering): Promise<number> {
  const { store, pipeline, remark, signal } = delivering;
  const before = await progressOf(store, pipeline);
  const ahead = deliveries.filter((d) => !before.announced.has(d.id));
  if (before.announced.size > 0 && ahead.length > 0) remark(`the story goes on: ${before.announced.size} of ${deliveries.length} deliveries were made before`);
  for (const delivery of ahead) {
    await untilIdle(store, pipeline, signal);
    if (delivery.remark) remark(delivery.remark);
    await announce(delivery, delivering);
  }
  await untilIdle(store, pipeline, signal);
  return ahead.length;
}

interface Progress {
  readonly announced: ReadonlySet<string>;
  readonly open: ReadonlySet<string>;
}

/** What the pipeline's trigger stream says: which deliveries were judged, which runs are open. */
async function progressOf(store: EventStore, pipeline: string): Promise<Progress> {
  const announced = new Set<string>();
  const open = new Set<string>();
  for await (const recorded of store.readStream(triggerStream(pipeline))) {
    const event = decodeEvent(recorded);
    if (event?.$typeName === 'refit.trigger.v1.ReasonJudged' && event.reason?.source === source) announced.add(event.reason.id);
    if (event?.$typeName === 'refit.trigger.v1.RunStarted') open.add(event.runId);
    if (event?.$typeName === 'refit.trigger.v1.RunClosed') open.delete(event.runId);
  }
  return { announced, open };
}

async function untilIdle(store: EventStore, pipeline: string, signal: AbortSignal): Promise<void> {
  while ((await progressOf(store, pipeline)).open.size > 0) await sleep(100, undefined, { signal });
}

async function announce({ id, batch, file }: Delivery, { folder, eventsUrl, token, signal }: Delivering): Promise<void> {
  const data = { dataset: 'flights', name: batch, uri: pathToFileURL(join(folder, file)).href };
  const response = await fetch(eventsUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/cloudevents+json', ...(token !== undefined && { authorization: `Bearer ${token}` }) },
    body: JSON.stringify({ specversion: '1.0', type: 'refit.data.arrived.v1', source, id, datacontenttype: 'application/json', data }),
    signal,
  });
  if (!response.ok) throw new RefitError('REQUEST_INVALID', `delivery ${id} was refused: ${await response.text()}`);
}
