import { timestampFromMs, timestampMs } from '@bufbuild/protobuf/wkt';
import {
  ComparisonOutdatedSchema, DataIngestedSchema, DataRejectedSchema, DataTransformedSchema, DataValidatedSchema, AlertRaisedSchema, event,
  FailureKind, ModelAcceptedSchema, ModelEvaluatedSchema, ModelRegisteredSchema, ModelTrainedSchema, RunCancelledSchema, RunCompletedSchema,
  RunFailedSchema, RunRequestedSchema, Step, StepClaimedSchema, StepFailedSchema, StepRetriedSchema, type RunEvent,
} from '@refit/contracts';
import { allSteps, evolveRun, initialRun, type RunState } from '@refit/run';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tablesAfter } from '../in-memory-tables.fixture.js';
import { recordRun } from '../run-events.fixture.js';
import { openRunsProjection } from './open-runs-projection.js';
import { openRunsQueries, type OpenRun } from './open-runs-queries.js';

const requestedAt = 1_790_000_000_000;
const requested = (plan: readonly Step[] = allSteps) =>
  event(RunRequestedSchema, { runId: 'a', pipeline: 'delays', plan: [...plan], requestedAt: timestampFromMs(requestedAt) });
const claimed = (step: Step, attempt = 1) => event(StepClaimedSchema, { step, attempt, leaseId: 'lease-1', instanceId: 'instance-1' });
const failed = (step: Step, retryAtMs?: number) =>
  event(StepFailedSchema, { step, attempt: 1, kind: FailureKind.RETRYABLE, ...(retryAtMs !== undefined && { retryAt: timestampFromMs(retryAtMs) }) });
const ingested = event(DataIngestedSchema, { dataset: 'flights' });

const openRunsAfter = (...events: readonly RunEvent[]) => openRunsQueries(tablesAfter(openRunsProjection, recordRun('a', events)));

describe('the open runs', () => {
  it('show a requested run with its first step due', () => {
    expect(openRunsAfter(requested()).all()).toEqual([{
      runId: 'a', pipeline: 'delays', status: 'due', step: Step.INGEST, attempt: 1, notBefore: 0, leaseId: '', instanceId: '', requestedAt, revision: 0,
    }]);
  });

  it('show who is at work', () => {
    expect(openRunsAfter(requested(), claimed(Step.INGEST)).working([Step.INGEST])).toMatchObject([
      { status: 'working', step: Step.INGEST, leaseId: 'lease-1', instanceId: 'instance-1', revision: 1 },
    ]);
  });

  it('show the next step of the plan due after an outcome', () => {
    const plan = [Step.INGEST, Step.TRAIN];
    expect(openRunsAfter(requested(plan), claimed(Step.INGEST), ingested).find('a')).toMatchObject({ status: 'due', step: Step.TRAIN, attempt: 1, leaseId: '' });
  });

  it('show a step that failed as due again, when its time has come', () => {
    const runs = openRunsAfter(requested(), claimed(Step.INGEST), failed(Step.INGEST, requestedAt + 5000));
    expect(runs.due([Step.INGEST], requestedAt + 4999)).toEqual([]);
    expect(runs.due([Step.INGEST], requestedAt + 5000)).toMatchObject([{ step: Step.INGEST, attempt: 2, notBefore: requestedAt + 5000 }]);
  });

  it('show only the steps that were asked for', () => {
    expect(openRunsAfter(requested()).due([Step.TRAIN, Step.EVALUATE], requestedAt)).toEqual([]);
    expect(openRunsAfter(requested()).due([Step.TRAIN, Step.INGEST], requestedAt)).toHaveLength(1);
  });

  it.each([
    ['completed', event(RunCompletedSchema, {})],
    ['failed', event(RunFailedSchema, { step: Step.INGEST })],
    ['cancelled', event(RunCancelledSchema, {})],
  ])('leave out a run that has %s', (_, end) => {
    expect(openRunsAfter(requested(), end).all()).toEqual([]);
    expect(openRunsAfter(requested(), end).find('a')).toBeUndefined();
  });

  it('show a failed run again that a person has revived, at the step they chose', () => {
    const revived = event(StepRetriedSchema, { step: Step.TRAIN });
    expect(openRunsAfter(requested(), event(RunFailedSchema, {}), revived).all()).toMatchObject([{ status: 'due', step: Step.TRAIN, attempt: 1 }]);
    expect(openRunsAfter(requested(), event(RunCancelledSchema, {}), revived).all()).toEqual([]);
  });

  it('show the evaluation due again when its comparison is outdated', () => {
    const runs = openRunsAfter(requested(), claimed(Step.REGISTER), event(ComparisonOutdatedSchema, { round: 1 }));
    expect(runs.all()).toMatchObject([{ status: 'due', step: Step.EVALUATE, attempt: 1 }]);
  });

  it('come oldest first', () => {
    const at = (runId: string, ms: number) => event(RunRequestedSchema, { runId, pipeline: 'delays', plan: [Step.INGEST], requestedAt: timestampFromMs(ms) });
    const runs = openRunsQueries(tablesAfter(openRunsProjection, [...recordRun('late', [at('late', 3)]), ...recordRun('early', [at('early', 1)]), ...recordRun('middle', [at('middle', 2)])]));
    expect(runs.all().map(({ runId }) => runId)).toEqual(['early', 'middle', 'late']);
    expect(runs.due([Step.INGEST], 0).map(({ runId }) => runId)).toEqual(['early', 'middle', 'late']);
  });

  it('show what the fold of the run says, after any events in any order', () => {
    fc.assert(fc.property(fc.subarray([...allSteps], { minLength: 1 }), fc.array(anyRunEvent, { maxLength: 30 }), (plan, later) => {
      const events = [requested(plan), ...later];
      expect(openRunsAfter(...events).find('a')).toEqual(shownFor(events.reduce(evolveRun, initialRun), events.length - 1));
    }), { numRuns: 300 });
  });
});

/** What the index should show of a run in this state. */
function shownFor(state: RunState, revision: number): OpenRun | undefined {
  if (state.status !== 'due' && state.status !== 'working') return undefined;
  const run = { runId: 'a', pipeline: state.request.pipeline, requestedAt: state.request.requestedAt ? timestampMs(state.request.requestedAt) : 0, revision };
  return state.status === 'due'
    ? { ...run, status: 'due', ...state.due, leaseId: '', instanceId: '' }
    : { ...run, status: 'working', ...state.claim, notBefore: 0 };
}

const anyStep = fc.constantFrom(...allSteps);
const anyRunEvent: fc.Arbitrary<RunEvent> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ step: anyStep, attempt: fc.integer({ min: 1, max: 5 }), leaseId: fc.string(), instanceId: fc.string(), takenOverFrom: fc.string() }).map((claim) => event(StepClaimedSchema, claim)) },
  { weight: 3, arbitrary: fc.tuple(anyStep, fc.option(fc.integer({ min: 0, max: 2 ** 41 }), { nil: undefined })).map(([step, retryAt]) => failed(step, retryAt)) },
  { weight: 10, arbitrary: fc.constantFrom<RunEvent>(
    ingested, event(DataValidatedSchema, {}), event(DataRejectedSchema, {}), event(DataTransformedSchema, {}), event(ModelTrainedSchema, {}),
    event(ModelEvaluatedSchema, {}), event(ModelAcceptedSchema, {}), event(ModelRegisteredSchema, {}), event(AlertRaisedSchema, {}),
  ) },
  { weight: 2, arbitrary: fc.integer({ min: 0, max: 3 }).map((round) => event(ComparisonOutdatedSchema, { round })) },
  { weight: 1, arbitrary: anyStep.map((step) => event(RunFailedSchema, { step })) },
  { weight: 1, arbitrary: anyStep.map((step) => event(StepRetriedSchema, { step })) },
  { weight: 1, arbitrary: fc.constantFrom<RunEvent>(requested([Step.TRAIN]), event(RunCompletedSchema, {}), event(RunCancelledSchema, {})) },
);
