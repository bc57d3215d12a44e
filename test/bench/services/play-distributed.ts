import { join } from 'node:path';
import { openSqliteEventStore } from '@refit/event-store/sqlite';
import { playExample } from '@refit/refit';
import { startBroker } from '../../support/kafka/broker.ts';
import { startServices, type Services } from '../../support/services.ts';
import { readStory, type Played } from './play-embedded.ts';

/** The flights on six processes that share a real broker and an SQLite event store. */
export async function playDistributed(folder: string): Promise<Played> {
  const broker = await startBroker();
  try {
    const services = await startServices({ folder, brokers: broker.brokers, prefix: 'flights.' });
    const seconds = await playOn(services);
    return { story: await readStory(services.dataDirectory), seconds };
  } finally {
    await broker.stop();
  }
}

/** The seconds until the story was told. The services are stopped, however it went. */
async function playOn(services: Services): Promise<number> {
  const { dataDirectory, http, grpc } = services;
  const store = await openSqliteEventStore({ file: join(dataDirectory, 'events.sqlite') });
  const started = performance.now();
  try {
    await playExample('flights', { store, dataDirectory, http, grpc }, () => {}, new AbortController().signal);
    return (performance.now() - started) / 1000;
  } finally {
    await store.close();
    await services.stop();
  }
}
