import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { listedBatches, RefitError, SplitKind, type Snapshot, type Window } from '@refit/contracts';
import { freezeWindow, snapshotType, type WindowBatch } from '@refit/data';
import { decideWindow, inTimeOrder, labelOf, nameOf, newestVersions, standingOf, type BatchVersion } from '@refit/data-validation';
import type { Runtime } from '@refit/service';
import { maximumNewBatches, type Ingesting } from './ingesting.js';

/**
 * Freezes the window of this run over the newest version of each batch that the pipeline has accepted or not judged yet.
 *
 * @throws RefitError DATA_EMPTY when there is no such batch, TIME_COLUMN_UNUSABLE when it needs times and has none
 */
export async function freezeRunWindow({ runtime, context, source, dataset, scratch }: Ingesting): Promise<void> {
  const { spec, runId, signal } = context;
  const newest = newestVersions(dataset.state);
  const standing = (batch: BatchVersion) => standingOf(batch, spec.name);
  const pending = newest.filter((batch) => standing(batch) === 'pending').slice(0, maximumNewBatches);
  const rejected = newest.filter((batch) => standing(batch) === 'rejected');
  const eligible = inTimeOrder(newest.filter((batch) => standing(batch) === 'accepted' || pending.includes(batch)));
  if (eligible.length === 0) throw noData(spec.dataset, source.paths, rejected);
  const candidates = withinReach(eligible, source.window);
  context.progress(0.5, `freezing the window over ${candidates.length} batches`);
  const folder = join(scratch, 'window');
  await mkdir(folder);
  const { snapshot, used } = await freezeWindow({
    batches: await Promise.all(candidates.map((batch) => windowBatch(runtime, batch))),
    window: source.window, timeColumn: source.timeColumn, splitByTime: spec.split?.kind === SplitKind.TIME,
    firstData: !newest.some((batch) => standing(batch) === 'accepted'), artifacts: runtime.artifacts, scratch: folder, signal,
  });
  const inside = used.flatMap((i) => candidates[i] ?? []);
  const batches = listed(eligible.filter((batch) => pending.includes(batch) || inside.includes(batch)), pending);
  const excludedBatches = rejected.slice(-listedBatches).map(labelOf);
  await dataset.decide((state) => decideWindow(state, { runId, snapshot, batches, excludedBatches }));
}

/** Leaves out batches that end before a window by duration can begin: their files need not be opened. */
function withinReach(batches: readonly BatchVersion[], window: Window | undefined): readonly BatchVersion[] {
  if (window?.last.case !== 'durationMs') return batches;
  const times = batches.map(({ ingested }) => ingested.timeUntil);
  const begin = Math.max(...times.map((time) => time ?? -Infinity)) - window.last.value;
  return batches.filter((_, i) => (times[i] ?? Infinity) > begin);
}

async function windowBatch({ artifacts }: Runtime, batch: BatchVersion): Promise<WindowBatch> {
  const snapshot = snapshotOf(batch.ingested.snapshot);
  return { name: nameOf(batch), path: await artifacts.path(snapshot.hash), columns: snapshot.columns.map(({ name, type }) => ({ name, type: snapshotType(type) })) };
}

function snapshotOf(snapshot: Snapshot | undefined): Snapshot {
  if (!snapshot) throw new RefitError('EVENT_UNREADABLE', 'a BatchIngested event has no snapshot');
  return snapshot;
}

function listed(batches: readonly BatchVersion[], pending: readonly BatchVersion[]): readonly string[] {
  const accepted = batches.filter((batch) => !pending.includes(batch)).slice(-listedBatches);
  return batches.filter((batch) => pending.includes(batch) || accepted.includes(batch)).map(labelOf);
}

function noData(dataset: string, paths: readonly string[], rejected: readonly BatchVersion[]): RefitError {
  const where = paths.length > 0 ? `, and no file matches ${paths.join(', ')}` : '';
  const refused = rejected.length > 0 ? `; the data gate has refused ${rejected.map(labelOf).slice(0, 10).join(', ')}: deliver them again, corrected` : '';
  return new RefitError('DATA_EMPTY', `dataset ${dataset} has no batch to train on${where}${refused}${where || refused ? '' : ': announce one'}`);
}
