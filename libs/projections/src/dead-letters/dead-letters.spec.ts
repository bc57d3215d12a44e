import { randomUUID } from 'node:crypto';
import { DeadLetterDiscardedSchema, DeadLetterParkedSchema, DeadLetterRetriedSchema, deadLetterStream, encodeEvent, event, type DeadLetterEvent } from '@refit/contracts';
import type { RecordedEvent } from '@refit/event-store';
import { describe, expect, it } from 'vitest';
import { tablesAfter } from '../in-memory-tables.fixture.js';
import { deadLettersProjection } from './dead-letters-projection.js';
import { deadLettersQueries, type LetterFilter } from './dead-letters-queries.js';

const start = 1_790_000_000_000;
const parked = (letterId: string, code: string, origin: string) => event(DeadLetterParkedSchema, { letterId, code, origin, reason: 'no id' });
const recorded = (e: DeadLetterEvent, revision: number): RecordedEvent =>
  ({ id: randomUUID(), ...encodeEvent(e), metadata: {}, stream: deadLetterStream, revision, position: String(revision + 1), recordedAt: start + revision * 1000 });

const log = [
  parked('a1', 'CLOUD_EVENT_INVALID', 'http'),
  parked('a2', 'DATASET_NOT_FOUND', 'kafka refit.data-arrivals/1@7'),
  parked('b1', 'CLOUD_EVENT_INVALID', 'kafka refit.data-arrivals/12@7'),
  event(DeadLetterRetriedSchema, { letterId: 'a1', succeeded: false }),
  event(DeadLetterRetriedSchema, { letterId: 'a2', succeeded: true }),
  parked('c1', 'CLOUD_EVENT_INVALID', 'kafka refit.decay-signals/0@0'),
  event(DeadLetterDiscardedSchema, { letterId: 'c1' }),
].map(recorded);
const letters = deadLettersQueries(tablesAfter(deadLettersProjection, log));
const ids = (filter: LetterFilter) => letters.list(filter).items.map(({ letterId }) => letterId);

describe('the dead letters', () => {
  it('come newest first, with what became of them', () => {
    expect(letters.list({ includeSettled: true }).items.map(({ letterId, revision, status }) => [letterId, revision, status])).toEqual([
      ['c1', 5, 'discarded'], ['b1', 2, 'parked'], ['a2', 1, 'retried'], ['a1', 0, 'parked'],
    ]);
  });

  it.each<[LetterFilter, string[]]>([
    [{}, ['b1', 'a1']],
    [{ code: 'CLOUD_EVENT_INVALID', includeSettled: true }, ['c1', 'b1', 'a1']],
    [{ origin: 'kafka', includeSettled: true }, ['c1', 'b1', 'a2']],
    [{ origin: 'kafka refit.data-arrivals/1@' }, []],
    [{ origin: 'kafka refit.data-arrivals/1' }, ['b1']],
    [{ since: start + 1000 }, ['b1']],
    [{ until: start + 1000 }, ['a1']],
  ])('can be asked for by %j', (filter, expected) => expect(ids(filter)).toEqual(expected));

  it('come in pages', () => {
    const first = letters.list({ pageSize: 1 });
    expect(first.items).toMatchObject([{ letterId: 'b1' }]);
    const second = letters.list({ pageSize: 1, pageToken: first.nextPageToken });
    expect([second.items.map(({ letterId }) => letterId), second.nextPageToken]).toEqual([['a1'], '']);
  });

  it('are found by their id, or its beginning', () => {
    expect(letters.get('a2')).toMatchObject({ status: 'retried', revision: 1 });
    expect(letters.get('x')).toBeUndefined();
    expect(letters.beginningWith('a').map(({ letterId }) => letterId)).toEqual(['a1', 'a2']);
    expect(letters.beginningWith("a' OR '1")).toEqual([]);
  });

  it('know where their stream ends, also behind an event that cannot be read', () => {
    expect(letters.end()).toBe(6);
    expect(deadLettersQueries(tablesAfter(deadLettersProjection, [])).end()).toBe(-1);
    const unreadable = { ...recorded(parked('d1', 'X', 'http'), 7), data: { letterId: 7 } };
    expect(deadLettersQueries(tablesAfter(deadLettersProjection, [...log, unreadable])).end()).toBe(7);
  });
});
