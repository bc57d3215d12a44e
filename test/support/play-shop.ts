import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import type { EventStore } from '@refit/event-store';
import { connect } from '@refit/refit';
import { historyOf, type History } from './history.ts';
import { dayName, days, shopPipeline } from './shop-data.ts';

/** Where a Refit listens: base URL, and host:port of its admin service. */
export interface Addresses {
  readonly http: string;
  readonly grpc: string;
}

/**
 * Applies the shop's pipeline, perhaps by another name, and announces every day; the same again changes nothing, so it
 * may simply be repeated.
 */
export async function tellShop({ http, grpc }: Addresses, files: readonly string[], shop = 'shop'): Promise<void> {
  const client = connect(grpc);
  try {
    await client.admin.applyPipeline({ fileName: 'shop.yaml', text: shopPipeline(shop), baseDirectory: '/', actor: 'test' });
  } finally {
    client.close();
  }
  for (const [i, file] of files.entries()) await announceDay(http, dayName(i + 1), file, shop);
}

/** @throws Error when it is refused */
export async function announceDay(http: string, name: string, file: string, shop = 'shop'): Promise<void> {
  const response = await fetch(`${http}/events`, {
    method: 'POST',
    headers: { 'content-type': 'application/cloudevents+json' },
    body: JSON.stringify({
      specversion: '1.0', type: 'refit.data.arrived.v1', source: 'test', id: name, datacontenttype: 'application/json',
      data: { dataset: shop, name, uri: pathToFileURL(file).href },
    }),
  });
  if (response.status !== 202) throw new Error(`${name} refused: ${await response.text()}`);
}

/** The history once the runs of every day have ended. @throws Error after the deadline (milliseconds since 1970) */
export async function shopHistory(store: EventStore, deadline: number, shop?: string): Promise<History> {
  for (;;) {
    const history = await historyOf(store, shop);
    if (history.runs.length === days && history.runs.every((run) => run.end !== 'open')) return history;
    if (Date.now() > deadline) throw new Error(`the runs did not end: ${JSON.stringify(history, null, 1)}`);
    await sleep(100);
  }
}
