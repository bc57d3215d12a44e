import {
  AlertRaisedSchema, event, FailureKind, FindingSeverity, RunFailedSchema, runStream, StepFailedSchema, type RefitError, type Step,
} from '@refit/contracts';
import type { EventStore } from '@refit/event-store';
import { toNewEvents } from './command-handling.js';

/**
 * Ends a run whose stream can no longer be folded: without the fold, so at the revision of its last event. The same
 * again finds it ended.
 */
export async function poisonRun(store: EventStore, runId: string, step: Step, { code, message }: RefitError): Promise<void> {
  const events = [
    event(StepFailedSchema, { step, kind: FailureKind.POISON, code, message }),
    event(AlertRaisedSchema, { kind: 'run-failed', severity: FindingSeverity.FAILURE, title: 'A run cannot be read', message }),
    event(RunFailedSchema, { step, code, message }),
  ];
  for await (const last of store.readStream(runStream(runId), { direction: 'backwards', limit: 1 })) {
    if (last.type === RunFailedSchema.typeName) return;
    await store.append(runStream(runId), toNewEvents(events, { correlationId: runId, causationId: last.id }), last.revision);
  }
}
