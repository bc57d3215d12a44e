import { BatchIngestedSchema, BatchJudgedSchema, BatchSchema, event, SnapshotSchema, type DatasetEvent } from '@refit/contracts';
import { describe, expect, it } from 'vitest';
import { findBatch, inTimeOrder, labelOf, newestVersions, standingOf } from './dataset-state.js';
import { decideIngestion, decideJudgements, decideReopenings, decideWindow, isTakenIn, type Ingestion } from './decide-dataset.js';
import { datasetDecider } from './evolve-dataset.js';

const given = (...events: readonly DatasetEvent[]) => events.reduce(datasetDecider.evolve, datasetDecider.initialState);

const ingested = (name: string, version: number, sourceHash: string, options: { runId?: string; until?: number } = {}) =>
  event(BatchIngestedSchema, {
    batch: { name, uri: `/data/${name}` }, version, sourceHash, runId: options.runId ?? `run of ${sourceHash}`,
    ...(options.until !== undefined && { timeFrom: 0, timeUntil: options.until }),
  });

const judged = (batch: string, version: number, accepted: boolean, pipeline = 'delays') => event(BatchJudgedSchema, { batch, version, accepted, pipeline, runId: 'earlier' });

const delivery = (name: string, sourceHash: string, options: Partial<Ingestion> = {}): Ingestion => ({
  batch: event(BatchSchema, { name, uri: `/data/${name}` }), sourceHash, announced: true, pipeline: 'delays', runId: 'now',
  snapshot: event(SnapshotSchema, { hash: 'snapshot', rows: 1 }), malformedRows: 0, malformedLines: [], ...options,
});

const versions = (events: readonly DatasetEvent[]) => events.map((e) => ('version' in e ? e.version : 0));

describe('a delivery', () => {
  it('is a batch when its name is new, and its next version when its content is', () => {
    expect(versions(decideIngestion(given(), delivery('a', 'one')))).toEqual([1]);
    expect(versions(decideIngestion(given(ingested('a', 1, 'one')), delivery('a', 'two')))).toEqual([2]);
    expect(versions(decideIngestion(given(ingested('a', 1, 'one'), ingested('a', 2, 'two')), delivery('a', 'one')))).toEqual([3]);
  });

  it('with the same content is nothing while the batch waits or is accepted', () => {
    expect(decideIngestion(given(ingested('a', 1, 'one')), delivery('a', 'one'))).toEqual([]);
    expect(decideIngestion(given(ingested('a', 1, 'one'), judged('a', 1, true)), delivery('a', 'one'))).toEqual([]);
  });

  it('with the same content is judged again after a refusal by this pipeline, if somebody announces it', () => {
    const refused = given(ingested('a', 1, 'one'), judged('a', 1, false));
    expect(versions(decideIngestion(refused, delivery('a', 'one')))).toEqual([2]);
    expect(decideIngestion(refused, delivery('a', 'one', { announced: false }))).toEqual([]);
    expect(decideIngestion(refused, delivery('a', 'one', { pipeline: 'other' }))).toEqual([]);
  });

  it('is taken in once by a run that executes its step again', () => {
    const command = delivery('a', 'one');
    const state = given(...decideIngestion(given(), command));
    expect(decideIngestion(state, command)).toEqual([]);
    expect(isTakenIn(state, command.batch, 'now')).toBe(true);
    expect(isTakenIn(state, command.batch, 'later')).toBe(false);
  });
});

describe('a batch', () => {
  it('stands for each pipeline where its own gate put it, and waits again in its next version', () => {
    const state = given(ingested('a', 1, 'one'), judged('a', 1, false), judged('a', 1, true, 'other'), ingested('a', 2, 'two'));
    expect(standingOf(findBatch(state, 'a@1')!, 'delays')).toBe('rejected');
    expect(standingOf(findBatch(state, 'a@1')!, 'other')).toBe('accepted');
    expect(standingOf(findBatch(state, 'a@2')!, 'delays')).toBe('pending');
    expect(newestVersions(state).map(labelOf)).toEqual(['a@2']);
  });

  it('may be accepted by a person after the gate refused it', () => {
    const state = given(ingested('a', 1, 'one'), judged('a', 1, false), event(BatchJudgedSchema, { batch: 'a', version: 1, pipeline: 'delays', accepted: true, actor: 'ann' }));
    expect(standingOf(findBatch(state, 'a@1')!, 'delays')).toBe('accepted');
  });

  it('is judged once', () => {
    const waiting = given(ingested('a', 1, 'one'));
    const judgements = [{ batch: findBatch(waiting, 'a@1')!, accepted: true, runId: 'r', reason: 'passed' }];
    const events = decideJudgements(waiting, 'delays', judgements);
    expect(events).toMatchObject([{ batch: 'a', version: 1, pipeline: 'delays', accepted: true, runId: 'r' }]);
    expect(decideJudgements(given(ingested('a', 1, 'one'), ...events), 'delays', judgements)).toEqual([]);
  });

  it('has its place by the times in it where all have some, else by arrival', () => {
    const [late, early] = [ingested('late', 1, 'x', { until: 9 }), ingested('early', 1, 'y', { until: 1 })];
    expect(inTimeOrder(newestVersions(given(late, early))).map(labelOf)).toEqual(['early@1', 'late@1']);
    expect(inTimeOrder(newestVersions(given(late, early, ingested('none', 1, 'z')))).map(labelOf)).toEqual(['late@1', 'early@1', 'none@1']);
  });

  it('may have an @ in its name', () => {
    expect(labelOf(findBatch(given(ingested('me@home', 1, 'x')), 'me@home@1')!)).toBe('me@home@1');
    expect(findBatch(given(), 'unknown')).toBeUndefined();
  });
});

describe('a window', () => {
  it('is frozen once for a run, and numbered through the dataset', () => {
    const command = { snapshot: event(SnapshotSchema, { hash: 'w' }), batches: ['a@1'], excludedBatches: [] };
    const first = decideWindow(given(), { ...command, runId: 'one' });
    const state = given(...first);
    expect(versions(first)).toEqual([1]);
    expect(decideWindow(state, { ...command, runId: 'one' })).toEqual([]);
    expect(versions(decideWindow(state, { ...command, runId: 'two' }))).toEqual([2]);
  });
});

describe('a refusal that a person overrules', () => {
  const reopening = { batch: 'a', version: 1, pipeline: 'delays', runId: 'earlier', actor: 'ann', reason: 'expected' };
  const refused = given(ingested('a', 1, 'one'), judged('a', 1, false), judged('a', 1, false, 'others'));

  it('lets the batch wait for that pipeline\'s gate again, once, and whatever the old run has said', () => {
    const [reopened] = decideReopenings(refused, [reopening]);
    expect(reopened).toMatchObject({ batch: 'a', version: 1, pipeline: 'delays', runId: 'earlier', actor: 'ann' });
    const state = datasetDecider.evolve(refused, reopened!);
    const batch = findBatch(state, 'a@1')!;
    expect([standingOf(batch, 'delays'), standingOf(batch, 'others')]).toEqual(['pending', 'rejected']);
    expect(decideReopenings(state, [reopening])).toEqual([]);
    const judgement = { batch, accepted: false, reason: '' };
    expect(decideJudgements(state, 'delays', [{ ...judgement, runId: 'earlier' }])).toEqual([]);
    expect(decideJudgements(state, 'delays', [{ ...judgement, runId: 'later' }])).toHaveLength(1);
  });

  it('is nothing where another run has judged it since, or it was delivered again', () => {
    expect(decideReopenings(refused, [{ ...reopening, runId: 'other' }])).toEqual([]);
    expect(decideReopenings(given(ingested('a', 1, 'one'), judged('a', 1, false), ingested('a', 2, 'two')), [reopening])).toEqual([]);
    expect(decideReopenings(given(ingested('a', 1, 'one'), judged('a', 1, true)), [reopening])).toEqual([]);
  });
});
