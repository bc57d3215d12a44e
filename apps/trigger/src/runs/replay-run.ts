import type { MessageInitShape } from '@bufbuild/protobuf';
import { ReasonSchema, RefitError, runStream, digest, type ReplayRunResponseSchema } from '@refit/contracts';
import { toJson } from '@bufbuild/protobuf';
import type { EventStore } from '@refit/event-store';
import type { RunRow } from '@refit/projections';
import { emptyRunView, evolveRunView, runMessage, type RunView } from './run-view.js';

/**
 * Folds a run's stream afresh and compares the result with the live read model, field by field and by digest.
 *
 * @throws RefitError RUN_NOT_FOUND
 */
export async function replayRun(store: EventStore, runId: string, live: RunRow | undefined): Promise<MessageInitShape<typeof ReplayRunResponseSchema>> {
  const replayed = await foldRun(store, runId);
  if (!replayed.row) throw new RefitError('RUN_NOT_FOUND', `there is no run ${runId}; see \`refit runs\``);
  const [expected, found] = [comparable(replayed.row), live ? comparable(live) : {}];
  const differences = Object.keys(expected)
    .filter((field) => digest(expected[field] ?? null) !== digest(found[field] ?? null))
    .map((field) => `${field}: the log says ${JSON.stringify(expected[field])}, the read model ${JSON.stringify(found[field] ?? null)}`);
  return {
    runId, events: replayed.row.revision + 1, replayedDigest: digest(expected), liveDigest: digest(found),
    equal: differences.length === 0, differences, run: runMessage(replayed.row),
  };
}

export async function foldRun(store: EventStore, runId: string): Promise<RunView> {
  let view = emptyRunView;
  for await (const recorded of store.readStream(runStream(runId))) view = evolveRunView(view, recorded);
  return view;
}

const comparable = ({ reason, endedAt, ...row }: RunRow): Readonly<Record<string, unknown>> => ({
  ...row, endedAt: endedAt ?? null, reason: reason ? toJson(ReasonSchema, reason) : null,
});
