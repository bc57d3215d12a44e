import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs, timestampMs } from '@bufbuild/protobuf/wkt';
import { decodeEvent, RunOutcome, streamSubject, type RunEvent, type RunSchema } from '@refit/contracts';
import type { RecordedEvent } from '@refit/event-store';
import type { RunRow } from '@refit/projections';
import { runDecider, type RunState } from '@refit/run';

/** A run folded from its own stream, described as the read model does it. */
export interface RunView {
  readonly state: RunState;
  /** Undefined before the run's request. */
  readonly row: RunRow | undefined;
}

export const emptyRunView: RunView = { state: runDecider.initialState, row: undefined };

/** The view after one more event of the stream. */
export function evolveRunView(view: RunView, recorded: RecordedEvent): RunView {
  const event = decodeEvent(recorded) as RunEvent | undefined; // a run's stream holds no other events
  const state = event ? runDecider.evolve(view.state, event) : view.state;
  if (state.status === 'none') return { state, row: undefined };
  const { request } = state;
  const hasEnded = state.status !== 'due' && state.status !== 'working';
  const begun = {
    runId: streamSubject(recorded.stream),
    pipeline: request.pipeline,
    specVersion: request.specVersion,
    reason: request.reason,
    requestedAt: request.requestedAt ? timestampMs(request.requestedAt) : (view.row?.requestedAt ?? recorded.recordedAt),
    endedAt: hasEnded ? (view.row?.endedAt ?? recorded.recordedAt) : undefined,
    revision: recorded.revision,
  };
  return { state, row: { ...begun, ...stepOf(state, view.row), ...endingOf(state) } };
}

/** The step that is due or at work; of an ended run, the last one. */
function stepOf(state: RunState, before: RunRow | undefined): Pick<RunRow, 'step' | 'attempt' | 'instanceId'> {
  if (state.status === 'due') return { step: state.due.step, attempt: state.due.attempt, instanceId: '' };
  if (state.status === 'working') return { step: state.claim.step, attempt: state.claim.attempt, instanceId: state.claim.instanceId };
  return { step: before?.step ?? 0, attempt: before?.attempt ?? 0, instanceId: '' };
}

function endingOf(state: Exclude<RunState, { status: 'none' }>): Pick<RunRow, 'status' | 'outcome' | 'summary'> {
  switch (state.status) {
    case 'due':
    case 'working':
      return { status: 'open', outcome: '', summary: '' };
    case 'completed':
      return { status: 'completed', outcome: (RunOutcome[state.outcome] ?? '').toLowerCase().replaceAll('_', '-'), summary: state.summary };
    case 'failed':
      return { status: 'failed', outcome: '', summary: state.message };
    case 'cancelled':
      return { status: 'cancelled', outcome: '', summary: state.reason };
  }
}

export const runMessage = (row: RunRow): MessageInitShape<typeof RunSchema> => ({
  runId: row.runId, pipeline: row.pipeline, specVersion: row.specVersion, status: row.status, outcome: row.outcome, summary: row.summary,
  ...(row.reason && { reason: row.reason }),
  requestedAt: timestampFromMs(row.requestedAt),
  ...(row.endedAt !== undefined && { endedAt: timestampFromMs(row.endedAt) }),
  ...(row.status === 'open' && { currentStep: row.step, attempt: row.attempt, instanceId: row.instanceId }),
});
