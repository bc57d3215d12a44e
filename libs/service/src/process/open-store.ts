import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { RefitError } from '@refit/contracts';
import type { EventStore } from '@refit/event-store';
import type { Logger } from 'pino';
import type { RefitConfig } from '../runtime.js';

/** The event store of the configuration, through its adapter, which is loaded only then. @throws RefitError as the adapters do */
export async function openStore({ store, dataDirectory }: RefitConfig, logger: Logger): Promise<EventStore> {
  if (store.kind === 'kurrentdb') {
    const { openKurrentDbEventStore } = await import('@refit/event-store/kurrentdb');
    return openKurrentDbEventStore({ ...store, logger });
  }
  const file = join(dataDirectory, 'events.sqlite');
  requireLog(file, dataDirectory);
  const { openSqliteEventStore } = await import('@refit/event-store/sqlite');
  return openSqliteEventStore({ file });
}

/** How people know it. */
export const storeName = ({ store, dataDirectory }: RefitConfig): string =>
  store.kind === 'kurrentdb' ? `KurrentDB at ${withoutCredentials(store.url)}` : `the event store ${join(dataDirectory, 'events.sqlite')}`;

/** Read models are made after the log: where they are, a log without a byte has been lost. */
function requireLog(log: string, dataDirectory: string): void {
  // In this order: another process may be making both just now.
  if (!existsSync(join(dataDirectory, 'projections')) || statSync(log, { throwIfNoEntry: false })?.size !== 0) return;
  throw new RefitError('STORE_CORRUPT', `the event store ${log} is empty, though ${dataDirectory} has been in use. Put a backup in its place, or remove the file to start with an empty log`);
}

/** A URL as it may stand in a log. */
const withoutCredentials = (url: string) => url.replace(/\/\/[^@/]*@/, '//');
