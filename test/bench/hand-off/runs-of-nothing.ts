import { v7 as uuid } from 'uuid';
import {
  event, PipelineAppliedSchema, pipelineStream, ReasonJudgedSchema, RunRequestedSchema, RunStartedSchema, runStream, streamSubject, triggerStream,
} from '@refit/contracts';
import type { EventStore } from '@refit/event-store';
import { allSteps } from '@refit/run';
import { toNewEvents } from '@refit/saga';

export interface RunsOfNothing {
  /** One run of all eight steps, from its trigger to RunCompleted; returns its id. */
  run(): Promise<string>;
  stop(): Promise<void>;
}

/** Of one run alone: the trigger's, the request, and a claim and an outcome for each step. */
export const appendsPerRun = 2 + 2 * allSteps.length;

/** Asks for runs as the trigger does, and sees them end. */
export async function runsOfNothing(store: EventStore): Promise<RunsOfNothing> {
  await store.append(pipelineStream('nothing'), toNewEvents([event(PipelineAppliedSchema, { version: 1, spec: { name: 'nothing' } })], {}), 'no-stream');
  const waiting = new Map<string, () => void>();
  const listening = new AbortController();
  const completions = (async () => {
    for await (const message of store.subscribe({ after: 'end', filter: { types: ['refit.run.v1.RunCompleted'] }, signal: listening.signal })) {
      if (message.kind === 'event') waiting.get(streamSubject(message.event.stream))?.();
    }
  })().catch(() => {});
  return {
    async run() {
      const runId = uuid();
      const completed = new Promise<void>((resolve) => waiting.set(runId, resolve));
      const reason = { source: 'bench', id: runId };
      await store.append(triggerStream(runId), toNewEvents([event(ReasonJudgedSchema, { reason, runId }), event(RunStartedSchema, { reason, runId })], {}), 'no-stream');
      await store.append(runStream(runId), toNewEvents([event(RunRequestedSchema, { runId, pipeline: 'nothing', specVersion: 1, plan: [...allSteps], reason })], {}), 'no-stream');
      await completed;
      waiting.delete(runId);
      return runId;
    },
    async stop() {
      listening.abort();
      await completions;
    },
  };
}
