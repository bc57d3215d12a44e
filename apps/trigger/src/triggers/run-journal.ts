import { runStream, shortTypeName, RunOutcome, type RunEvent } from '@refit/contracts';
import type { EventStore } from '@refit/event-store';
import { runDecider, type EndedRun, type RunState } from '@refit/run';
import { load } from '@refit/saga';

/** A run's stream as the trigger needs it. */
export interface RunJournal {
  readonly run: RunState;
  /** How often a person revived it. */
  readonly retries: number;
}

const journalDecider = {
  initialState: { run: runDecider.initialState, retries: 0 } satisfies RunJournal as RunJournal,
  evolve: ({ run, retries }: RunJournal, event: RunEvent): RunJournal => ({
    run: runDecider.evolve(run, event),
    retries: retries + (shortTypeName(event.$typeName) === 'StepRetried' ? 1 : 0),
  }),
};

export const readRunJournal = async (store: EventStore, runId: string): Promise<RunJournal> => (await load(store, runStream(runId), journalDecider)).state;

export const hasEnded = (run: RunState): run is EndedRun => run.status === 'completed' || run.status === 'failed' || run.status === 'cancelled';

/** How a run ended, in a word: registered, data-rejected, model-rejected, failed, cancelled. */
export function outcomeOf(run: EndedRun): string {
  if (run.status !== 'completed') return run.status;
  return (RunOutcome[run.outcome] ?? 'completed').toLowerCase().replaceAll('_', '-');
}

/** The run's data are in the dataset, so no later run need bring them. */
export const tookBatches = (run: EndedRun) => run.findings.ingested !== undefined;
