import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { DataIngestedSchema, event, RunCompletedSchema, RunOutcome, RunRequestedSchema, runStream, Step, StepClaimedSchema, type RunEvent } from '@refit/contracts';
import type { EventStore } from '@refit/event-store';
import { openSqliteEventStore } from '@refit/event-store/sqlite';
import { toNewEvents } from '@refit/saga';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { narrate } from './narrator.js';

let folder: string;
let store: EventStore;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'refit-story-'));
  store = await openSqliteEventStore({ file: join(folder, 'events.sqlite') });
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true });
});

const runId = '0190aaaa-1111-7000-8000-000000000000';
const append = (...events: readonly RunEvent[]) => store.append(runStream(runId), toNewEvents(events, {}), 'any');
const requested = event(RunRequestedSchema, { runId, pipeline: 'churn' });
const claimed = event(StepClaimedSchema, { step: Step.INGEST, attempt: 1, leaseId: 'l', instanceId: 'i' });
const ended = [event(DataIngestedSchema, { dataset: 'churn', windowBatches: ['w1@1'] }), event(RunCompletedSchema, { outcome: RunOutcome.REGISTERED, summary: 'registered churn v1' })];

/** The lines that are told while `happens`, from when the listening has begun. */
async function told(count: number, happens: () => Promise<unknown>): Promise<readonly string[]> {
  const heard: string[] = [];
  const stop = new AbortController();
  const narrating = narrate(store, (line) => heard.push(stripVTControlCharacters(line)), stop.signal).catch(() => {});
  await vi.waitFor(async () => {
    await store.append('model-marker', toNewEvents([event(RunCompletedSchema, { summary: 'listening' })], {}), 'any');
    expect(heard.length).toBeGreaterThan(0);
  });
  const before = heard.length;
  await happens();
  await vi.waitFor(() => expect(heard.filter((line) => !line.includes('listening'))).toHaveLength(count));
  stop.abort();
  await narrating;
  return heard.slice(before).filter((line) => !line.includes('listening'));
}

describe('the story', () => {
  const line = (label: string) => new RegExp(`0190aaaa-1111  churn +${label} +\\d+\\.\\d s `);

  it('names the run, its pipeline and how long each step and the whole took', async () => {
    const lines = await told(2, () => append(requested, claimed, ...ended));
    expect(lines).toEqual([expect.stringMatching(line('ingest')), expect.stringMatching(line(''))]);
  });

  it('says the same of a run that began before anybody listened', async () => {
    await append(requested, claimed);
    const lines = await told(2, () => append(...ended));
    expect(lines).toEqual([expect.stringMatching(line('ingest')), expect.stringMatching(line(''))]);
  });
});
