import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BatchIngestedSchema, datasetStream, event, listedBatches, SplitKind, SplitMembershipSchema, WindowFrozenSchema, type DatasetEvent } from '@refit/contracts';
import type { EventStore } from '@refit/event-store';
import { openSqliteEventStore } from '@refit/event-store/sqlite';
import { toNewEvents } from '@refit/saga';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { untraceableBecause } from './redelivered-batches.js';

let folder: string;
let store: EventStore;
let datasets = 0;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'refit-redelivered-'));
  store = await openSqliteEventStore({ file: join(folder, 'events.sqlite') });
});
afterAll(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

const frozen = (runId: string, batches: readonly string[], excludedBatches: readonly string[] = []) =>
  event(WindowFrozenSchema, { runId, batches: [...batches], excludedBatches: [...excludedBatches] });
const ingested = (name: string, version: number) => event(BatchIngestedSchema, { batch: { name }, version });
const random = event(SplitMembershipSchema, { kind: SplitKind.RANDOM, columns: ['x'], testBelow: 0.2 });
const byTime = event(SplitMembershipSchema, { kind: SplitKind.TIME, column: 'at', trainingFrom: 0, trainingUntil: 1 });
const byKey = event(SplitMembershipSchema, { kind: SplitKind.HASH, column: 'customer', testBelow: 0.2 });

/** Of the model of run "now" against champion v1 of run "then". */
async function because(events: readonly DatasetEvent[], { own = random, champions = random } = {}) {
  const dataset = `d${datasets++}`;
  await store.append(datasetStream(dataset), toNewEvents(events, {}), 'no-stream');
  return untraceableBecause(store, dataset, { runId: 'now', membership: own }, { runId: 'then', membership: champions, version: 1 });
}

const redelivered = [frozen('then', ['b0@1', 'b1@1']), frozen('now', ['b0@2', 'b1@1', 'b2@1'])];

describe('rows of a batch that was delivered again', () => {
  it('cannot be told apart by a random split, of either model', async () => {
    const sentence = 'batch b0 was delivered again since v1 was trained on it, and a random split cannot tell its rows apart: split by time or by the hash of a key';
    expect(await because(redelivered)).toBe(sentence);
    expect(await because(redelivered, { own: byTime })).toBe(sentence);
    expect(await because(redelivered, { champions: byTime })).toBe(sentence);
  });

  it('can be told apart by time and by key', async () => {
    expect(await because(redelivered, { own: byTime, champions: byKey })).toBeUndefined();
  });

  it('cannot be told apart by a kind that is not known', async () => {
    expect(await because(redelivered, { own: byTime, champions: event(SplitMembershipSchema, {}) })).toContain('batch b0');
  });

  it('are named, the first of many batches', async () => {
    const names = Array.from({ length: 7 }, (_, i) => `b@${i}`); // a name may hold the sign that parts it from the version
    const why = await because([frozen('then', names.map((name) => `${name}@1`)), frozen('now', names.map((name) => `${name}@2`))]);
    expect(why).toMatch(/^batches b@0, b@1, b@2, b@3, b@4 and 2 more were delivered again since v1 was trained on them, .* tell their rows apart/u);
  });
});

it('compares by a random split where no batch was delivered again', async () => {
  expect(await because([frozen('then', ['b0@1']), frozen('now', ['b0@1', 'b1@2'])])).toBeUndefined();
});

it('trusts no random split of a champion whose batches are not known', async () => {
  expect(await because([frozen('now', ['b0@1'])])).toMatch(/^dataset d\d+ does not say which batches v1 was trained on/u);
});

it('takes every batch of the time for one trained on where the list may be cut, but those refused', async () => {
  const many = Array.from({ length: listedBatches }, (_, i) => `m${i}@1`);
  const history = (excluded: readonly string[]) => [ingested('b0', 1), frozen('then', many, excluded), ingested('b0', 2), frozen('now', ['b0@2'])];
  expect(await because(history([]))).toContain('batch b0 was delivered again');
  expect(await because(history(['b0@1']))).toBeUndefined();
});
