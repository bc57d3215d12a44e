import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AliasMovedSchema, event, ModelRegisteredSchema, modelStream, RunRequestedSchema, runStream } from '@refit/contracts';
import { openSqliteEventStore } from '@refit/event-store/sqlite';
import { toNewEvents } from '@refit/saga';
import { expect, it } from 'vitest';
import { countStory } from './count-story.js';

it('the story of a pipeline is counted without those of others', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'refit-story-'));
  const store = await openSqliteEventStore({ file: join(folder, 'events.sqlite') });
  for (const [runId, pipeline] of [['a', 'flights'], ['b', 'flights'], ['c', 'flights-too'], ['d', 'churn']] as const) {
    await store.append(runStream(runId), toNewEvents([event(RunRequestedSchema, { runId, pipeline }), event(ModelRegisteredSchema, { model: pipeline, version: 1 })], {}), 'no-stream');
    await store.append(modelStream(pipeline), toNewEvents([event(AliasMovedSchema, { alias: 'champion', toVersion: 1 })], {}), 'any');
  }
  expect(await countStory(store, 'flights')).toEqual({ runs: 2, registered: 2, champions: 2 });
  await store.close();
  await rm(folder, { recursive: true });
});
