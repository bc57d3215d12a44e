import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import {
  event, isRefitError, ReasonKind, RunCancelledSchema, RunCompletedSchema, RunFailedSchema, RunOutcome, RunRequestedSchema, Step, StepClaimedSchema,
  StepRetriedSchema, type RunEvent,
} from '@refit/contracts';
import type { RecordedEvent } from '@refit/event-store';
import { describe, expect, it } from 'vitest';
import { tablesAfter } from '../in-memory-tables.fixture.js';
import { recordRun } from '../run-events.fixture.js';
import { runsProjection } from './runs-projection.js';
import { runsQueries, type RunsQueries, type RunsRequest } from './runs-queries.js';

const requested = (runId: string, { pipeline = 'delays', at = 1000 } = {}) =>
  event(RunRequestedSchema, {
    runId, pipeline, specVersion: 3, plan: [Step.INGEST, Step.TRAIN], requestedAt: timestampFromMs(at),
    reason: { kind: ReasonKind.MANUAL, id: 'm-1', actor: 'anna', summary: 'anna asked for a run' },
  });
const completed = (outcome: RunOutcome, summary = '') => event(RunCompletedSchema, { outcome, summary });
const queriesAfter = (...events: RecordedEvent[]) => runsQueries(tablesAfter(runsProjection, events));
const run = (runId: string, ...events: RunEvent[]) => recordRun(runId, events);

describe('the runs', () => {
  it('show what asked for a run and how far it is', () => {
    const claim = event(StepClaimedSchema, { step: Step.INGEST, attempt: 2, leaseId: 'lease', instanceId: 'instance-1' });
    const found = queriesAfter(...run('a', requested('a'), claim)).find('a');
    expect(found).toMatchObject({
      runId: 'a', pipeline: 'delays', specVersion: 3, status: 'open', outcome: '', summary: '', requestedAt: 1000, endedAt: undefined,
      step: Step.INGEST, attempt: 2, instanceId: 'instance-1', revision: 1,
    });
    expect(found?.reason).toMatchObject({ kind: ReasonKind.MANUAL, actor: 'anna', summary: 'anna asked for a run' });
  });

  it.each([
    ['registered', RunOutcome.REGISTERED],
    ['data-rejected', RunOutcome.DATA_REJECTED],
    ['model-rejected', RunOutcome.MODEL_REJECTED],
  ])('show a completed run as %s, with its summary and its end', (outcome, value) => {
    const events = run('a', requested('a'), completed(value, 'version 4 is champion now'));
    expect(queriesAfter(...events).find('a')).toMatchObject({
      status: 'completed', outcome, summary: 'version 4 is champion now', endedAt: events[1]?.recordedAt, instanceId: '',
    });
  });

  it('show why a run failed or was cancelled', () => {
    const failure = event(RunFailedSchema, { step: Step.TRAIN, code: 'LABEL_MISSING', message: 'there is no column delay' });
    expect(queriesAfter(...run('a', requested('a'), failure)).find('a')).toMatchObject({ status: 'failed', summary: 'there is no column delay' });
    const cancellation = event(RunCancelledSchema, { actor: 'anna', reason: 'not needed' });
    expect(queriesAfter(...run('a', requested('a'), cancellation)).find('a')).toMatchObject({ status: 'cancelled', summary: 'not needed' });
  });

  it('show a revived run as open, without its earlier end', () => {
    const events = run('a', requested('a'), event(RunFailedSchema, { message: 'broken' }), event(StepRetriedSchema, { step: Step.TRAIN }));
    expect(queriesAfter(...events).find('a')).toMatchObject({ status: 'open', step: Step.TRAIN, summary: '', endedAt: undefined });
  });

  it('know nothing of a run that is not there', () => {
    expect(queriesAfter().find('a')).toBeUndefined();
    expect(queriesAfter().list({})).toEqual({ items: [], nextPageToken: '' });
  });

  describe('in a list', () => {
    const runs = queriesAfter(
      ...run('a', requested('a', { at: 1 }), completed(RunOutcome.REGISTERED)),
      ...run('b', requested('b', { at: 2, pipeline: 'fares' }), completed(RunOutcome.DATA_REJECTED)),
      ...run('c', requested('c', { at: 3 }), event(RunFailedSchema, {})),
      ...run('d', requested('d', { at: 3 })),
      ...run('e', requested('e', { at: 4, pipeline: 'fares' })),
    );
    const ids = (request: RunsRequest) => runs.list(request).items.map(({ runId }) => runId);

    it('come newest first', () => expect(ids({})).toEqual(['e', 'd', 'c', 'b', 'a']));

    it.each<[RunsRequest, string[]]>([
      [{ pipeline: 'fares' }, ['e', 'b']],
      [{ status: 'open' }, ['e', 'd']],
      [{ status: 'failed' }, ['c']],
      [{ status: 'completed' }, ['b', 'a']],
      [{ outcome: 'registered' }, ['a']],
      [{ pipeline: 'delays', status: 'open' }, ['d']],
      [{ since: 3 }, ['e', 'd', 'c']],
      [{ since: 2, until: 4 }, ['d', 'c', 'b']],
      [{ until: 0 }, []],
      [{ pipeline: '', status: '', outcome: '' }, ['e', 'd', 'c', 'b', 'a']],
      [{ pipeline: 'unheard of' }, []],
    ])('can be asked for by %j', (request, expected) => expect(ids(request)).toEqual(expected));

    it.each([1, 2, 3, 4, 5, 6])('come in pages of %i, each once', (pageSize) => {
      expect(allPages(runs, { pageSize })).toEqual(['e', 'd', 'c', 'b', 'a']);
      expect(allPages(runs, { pageSize, pipeline: 'delays' })).toEqual(['d', 'c', 'a']);
    });

    it.each(['nonsense', 'WyJhIl0', Buffer.from('{"a":1}').toString('base64url')])('refuse the page token %j', (pageToken) => {
      let refusal: unknown;
      try {
        runs.list({ pageToken });
      } catch (error) {
        refusal = error;
      }
      expect(isRefitError(refusal, 'REQUEST_INVALID')).toBe(true);
    });
  });
});

function allPages(runs: RunsQueries, request: RunsRequest): string[] {
  const { items, nextPageToken } = runs.list(request);
  const ids = items.map(({ runId }) => runId);
  return nextPageToken === '' ? ids : [...ids, ...allPages(runs, { ...request, pageToken: nextPageToken })];
}
