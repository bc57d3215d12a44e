import { randomUUID } from 'node:crypto';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { encodeEvent, event, ReasonJudgedSchema, ReasonKind, RunStartedSchema, SkipCause, triggerStream, Verdict, type TriggerEvent } from '@refit/contracts';
import type { RecordedEvent } from '@refit/event-store';
import { describe, expect, it } from 'vitest';
import { tablesAfter } from '../in-memory-tables.fixture.js';
import { reasonsProjection } from './reasons-projection.js';
import { reasonsQueries, type ReasonsRequest } from './reasons-queries.js';

let recorded = 0;
const record = (event: TriggerEvent, pipeline = 'delays'): RecordedEvent => {
  recorded++;
  return { id: randomUUID(), ...encodeEvent(event), metadata: {}, stream: triggerStream(pipeline), revision: recorded, position: String(recorded), recordedAt: recorded * 1000 };
};

interface Judged {
  readonly verdict?: Verdict;
  readonly skipCause?: SkipCause;
  readonly kind?: ReasonKind;
  readonly batch?: string;
  readonly rows?: number;
  readonly runId?: string;
  readonly at?: number;
}
const judged = (id: string, { verdict = Verdict.QUEUED, skipCause = 0, kind = ReasonKind.MANUAL, batch, rows = 10, runId = '', at = 1 }: Judged = {}) =>
  event(ReasonJudgedSchema, {
    verdict, skipCause, runId,
    reason: { source: '/exports', id, kind: batch === undefined ? kind : ReasonKind.DATA_ARRIVAL, occurredAt: timestampFromMs(at), ...(batch !== undefined && { batch: { name: batch, rows } }) },
  });
const started = (runId: string, reasonIds: readonly string[], batches: readonly string[] = []) =>
  event(RunStartedSchema, { runId, reasonIds: reasonIds.map((id) => `/exports ${id}`), batches: batches.map((name) => ({ name })) });

const after = (...events: readonly TriggerEvent[]) => reasonsQueries(tablesAfter(reasonsProjection, events.map((e) => record(e))));
const runs = (queries: ReturnType<typeof after>) => Object.fromEntries(queries.list({}).items.map(({ judged: { reason }, runId }) => [reason?.id, runId]));

describe('a reason', () => {
  it('has the run that it started', () => {
    expect(runs(after(judged('a', { verdict: Verdict.STARTED, runId: 'r1' }), started('r1', ['a'])))).toEqual({ a: 'r1' });
  });

  it('that waited, or joined another one, has the run that it ended in', () => {
    const queries = after(judged('a'), judged('b', { verdict: Verdict.COALESCED, batch: 'w1' }), judged('c'), started('r1', ['a', 'b']));
    expect(runs(queries)).toEqual({ a: 'r1', b: 'r1', c: '' });
    expect(queries.list({}).items.find(({ runId }) => runId === '')?.judged.verdict).toBe(Verdict.QUEUED);
  });

  it('among too many to be listed has the run that took its data', () => {
    expect(runs(after(judged('a', { verdict: Verdict.COALESCED, batch: 'w1' }), started('r1', ['first'], ['w1'])))).toEqual({ a: 'r1' });
  });

  it('that was skipped has the run that later took its data, and no other', () => {
    const skipped = { verdict: Verdict.SKIPPED, skipCause: SkipCause.COOL_DOWN };
    expect(runs(after(judged('a', { ...skipped, batch: 'w1' }), judged('b', skipped), started('r1', ['c'], ['w1']), started('r2', ['d'], ['w1'])))).toEqual({ a: 'r1', b: '' });
  });

  it('of another pipeline is not mixed up with it', () => {
    const queries = reasonsQueries(tablesAfter(reasonsProjection, [record(judged('a'), 'fares'), record(started('r1', ['a']))]));
    expect(runs(queries)).toEqual({ a: '' });
  });
});

describe('the reasons', () => {
  const queries = reasonsQueries(tablesAfter(reasonsProjection, [
    record(judged('a', { verdict: Verdict.STARTED, at: 1 })),
    record(judged('b', { verdict: Verdict.SKIPPED, skipCause: SkipCause.PAUSED, kind: ReasonKind.DECAY, at: 2 }), 'fares'),
    record(judged('c', { batch: 'w1', at: 3 })),
  ]));
  const ids = (request: ReasonsRequest) => queries.list(request).items.map(({ judged: { reason } }) => reason?.id);

  it.each<[ReasonsRequest, string[]]>([
    [{}, ['c', 'b', 'a']],
    [{ pipeline: 'fares' }, ['b']],
    [{ verdict: Verdict.QUEUED }, ['c']],
    [{ skipCause: SkipCause.PAUSED }, ['b']],
    [{ kind: ReasonKind.DATA_ARRIVAL }, ['c']],
    [{ since: 2 }, ['c', 'b']],
    [{ since: 2, until: 3 }, ['b']],
    [{ pipeline: 'fares', verdict: Verdict.STARTED }, []],
  ])('can be asked for by %j', (request, expected) => expect(ids(request)).toEqual(expected));

  it('come in pages', () => {
    const first = queries.list({ pageSize: 2 });
    expect(queries.list({ pageSize: 2, pageToken: first.nextPageToken })).toMatchObject({ items: [{ number: 1, pipeline: 'delays' }], nextPageToken: '' });
  });
});

describe('what was skipped while a pipeline was paused', () => {
  const paused = { verdict: Verdict.SKIPPED, skipCause: SkipCause.PAUSED };

  it('is counted with its batches and rows, those that came again once', () => {
    const queries = after(
      judged('a', { ...paused, batch: 'w1', rows: 5 }), judged('b', { ...paused, batch: 'w1', rows: 7 }), judged('c', { ...paused, batch: 'w2', rows: 20 }),
      judged('d', { ...paused, kind: ReasonKind.SCHEDULE }), judged('e', { verdict: Verdict.SKIPPED, skipCause: SkipCause.COOL_DOWN, batch: 'w3' }),
    );
    expect(queries.skippedWhilePaused('delays', 0)).toEqual({ reasons: 4, batches: 2, rows: 27 });
    expect(queries.skippedWhilePaused('fares', 0)).toEqual({ reasons: 0, batches: 0, rows: 0 });
  });

  it('does not count what a run has taken since, nor an earlier pause', () => {
    const early = record(judged('a', { ...paused, batch: 'w1' }));
    const late = record(judged('b', { ...paused, batch: 'w2' }));
    expect(reasonsQueries(tablesAfter(reasonsProjection, [early, late])).skippedWhilePaused('delays', late.recordedAt)).toMatchObject({ reasons: 1 });
    expect(reasonsQueries(tablesAfter(reasonsProjection, [early, late, record(started('r1', [], ['w1', 'w2']))])).skippedWhilePaused('delays', 0)).toMatchObject({ reasons: 0 });
  });
});
