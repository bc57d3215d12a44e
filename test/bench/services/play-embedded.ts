import { join } from 'node:path';
import { openSqliteEventStore } from '@refit/event-store/sqlite';
import { RefitProcess } from '../up/refit-process.ts';
import { storyOf, type Story } from './story-of.ts';

/** A story that was played, and the seconds that it took. */
export interface Played {
  readonly story: Story;
  readonly seconds: number;
}

/** The flights on `refit up`: every service in one process. */
export async function playEmbedded(dataDirectory: string): Promise<Played> {
  const refit = await RefitProcess.start(dataDirectory, { args: ['--example', 'flights'] });
  const started = performance.now();
  await refit.heard('the story is told');
  const seconds = (performance.now() - started) / 1000;
  await refit.stop();
  return { story: await readStory(dataDirectory), seconds };
}

/** From a log that nobody writes to any more. */
export async function readStory(dataDirectory: string): Promise<Story> {
  const store = await openSqliteEventStore({ file: join(dataDirectory, 'events.sqlite') });
  try {
    return await storyOf(store);
  } finally {
    await store.close();
  }
}
