import type { JsonObject, MessageInitShape } from '@bufbuild/protobuf';
import { runStream, progressRecord, streamSubject, type WatchRunsResponseSchema } from '@refit/contracts';
import type { EventStore, RecordedEvent } from '@refit/event-store';
import type { RunRow } from '@refit/projections';
import { exhaustMap, from, interval, last, merge, mergeAll, share, takeUntil, type Observable } from 'rxjs';
import { eventMessage } from '../admin/event-message.js';
import { observe, type ServerStream } from '../admin/observe.js';
import { emptyRunView, evolveRunView, runMessage, type RunView } from './run-view.js';

/** How often the progress of open runs is looked at, in milliseconds. */
const progressInterval = 500;

type Change = MessageInitShape<typeof WatchRunsResponseSchema>;

/** Which runs: one (until it ends), those of a pipeline, or all. Empty is not asked for. */
export interface RunsToWatch {
  readonly runId: string;
  readonly pipeline: string;
}

/** How a run stands now (when one was asked for), then every change, with the progress of steps at work in between. */
export function watchRuns(store: EventStore, wanted: RunsToWatch, call?: ServerStream): Observable<Change> {
  const views = new Map<string, RunView>();
  const changes = observe((signal) => (wanted.runId === '' ? changesOfAll(store, wanted.pipeline, views, signal) : changesOfOne(store, wanted.runId, views, signal)), call).pipe(share());
  const seen = new Map<string, number>();
  const progress = interval(progressInterval).pipe(
    exhaustMap(() => from(progressOf(store, views, seen))),
    mergeAll(),
    takeUntil(changes.pipe(last(null, null))),
  );
  return merge(changes, progress);
}

async function* changesOfOne(store: EventStore, runId: string, views: Map<string, RunView>, signal: AbortSignal): AsyncGenerator<Change> {
  const head = await store.head();
  let latest: RecordedEvent | undefined;
  let view = emptyRunView;
  for await (const recorded of store.readStream(runStream(runId))) {
    view = evolveRunView(view, recorded);
    latest = recorded;
  }
  views.set(runId, view);
  if (view.row && latest) yield change(view.row, latest);
  if (view.row && view.row.status !== 'open') return;
  const after = head === undefined ? {} : { after: head };
  for await (const message of store.subscribe({ ...after, filter: { streamPrefixes: [runStream(runId)] }, signal })) {
    if (message.kind !== 'event' || message.event.revision <= (view.row?.revision ?? -1)) continue;
    view = evolveRunView(view, message.event);
    views.set(runId, view);
    if (!view.row) continue;
    yield change(view.row, message.event);
    if (view.row.status !== 'open') return;
  }
}

async function* changesOfAll(store: EventStore, pipeline: string, views: Map<string, RunView>, signal: AbortSignal): AsyncGenerator<Change> {
  for await (const message of store.subscribe({ after: 'end', filter: { streamPrefixes: [runStream('')] }, signal })) {
    if (message.kind !== 'event') continue;
    const { event } = message;
    const runId = streamSubject(event.stream);
    const view = evolveRunView(views.get(runId) ?? (await foldUntil(store, event)), event);
    if (view.row?.status === 'open') views.set(runId, view);
    else views.delete(runId);
    if (view.row && (pipeline === '' || view.row.pipeline === pipeline)) yield change(view.row, event);
  }
}

/** The run as it was before an event. */
async function foldUntil(store: EventStore, { stream, revision }: RecordedEvent): Promise<RunView> {
  let view = emptyRunView;
  if (revision === 0) return view;
  for await (const recorded of store.readStream(stream, { limit: revision })) view = evolveRunView(view, recorded);
  return view;
}

async function progressOf(store: EventStore, views: ReadonlyMap<string, RunView>, seen: Map<string, number>): Promise<Change[]> {
  const changes: Change[] = [];
  for (const [runId, { row }] of views) {
    if (row?.status !== 'open' || row.instanceId === '') continue;
    const record = await store.getRecord(progressRecord(runId));
    if (!record || seen.get(runId) === record.revision) continue;
    seen.set(runId, record.revision);
    changes.push({ run: runMessage(row), progress: record.value as JsonObject }); // the engine writes objects
  }
  return changes;
}

const change = (row: RunRow, recorded: RecordedEvent): Change => ({ run: runMessage(row), event: eventMessage(recorded) });
