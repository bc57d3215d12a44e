import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { timestampMs } from '@bufbuild/protobuf/wkt';
import { listedBatches, RefitError, SplitKind, type RunRequested, type Snapshot, type Source } from '@refit/contracts';
import { freezeWindow, snapshotType, type WindowBatch } from '@refit/data';
import { countsBefore, decideWindow, inTimeOrder, labelOf, nameOf, newestVersions, standingOf, withinReach, type BatchVersion } from '@refit/data-validation';
import type { Runtime } from '@refit/service';
import { maximumNewBatches, type Ingesting } from './ingesting.js';

/**
 * Freezes the window of this run over the newest version of each batch that the pipeline has accepted or not judged yet. Of
 * a window that ends at a past time only what lies before that time counts, also of what waits for the data gate; batches
 * that were delivered again since are taken as they are now.
 *
 * @throws RefitError DATA_EMPTY when there is no such batch, TIME_COLUMN_UNUSABLE when it needs times and has none
 */
export async function freezeRunWindow({ runtime, context, request, source, dataset, scratch }: Ingesting): Promise<void> {
  const { spec, runId, signal } = context;
  const end = windowEnd(request, source);
  const newest = newestVersions(dataset.state).filter((batch) => end === undefined || countsBefore(batch, source.window, end));
  const standing = (batch: BatchVersion) => standingOf(batch, spec.name);
  const pending = newest.filter((batch) => standing(batch) === 'pending').slice(0, maximumNewBatches);
  const rejected = newest.filter((batch) => standing(batch) === 'rejected');
  const eligible = inTimeOrder(newest.filter((batch) => standing(batch) === 'accepted' || pending.includes(batch)));
  if (eligible.length === 0) throw noData(spec.dataset, source.paths, rejected, end);
  const candidates = withinReach(eligible, source.window, end);
  if (candidates.length === 0) throw noData(spec.dataset, source.paths, rejected, end);
  context.progress(0.5, `freezing the window over ${candidates.length} batches`);
  const folder = join(scratch, 'window');
  await mkdir(folder);
  const { snapshot, used } = await freezeWindow({
    batches: await Promise.all(candidates.map((batch) => windowBatch(runtime, batch))),
    window: source.window, timeColumn: source.timeColumn, ...(end !== undefined && { before: end }), splitByTime: spec.split?.kind === SplitKind.TIME,
    firstData: !newest.some((batch) => standing(batch) === 'accepted'), artifacts: runtime.artifacts, scratch: folder, signal,
  });
  if (end !== undefined && snapshot.rows === 0) throw noData(spec.dataset, source.paths, rejected, end);
  const inside = used.flatMap((i) => candidates[i] ?? []);
  const batches = listed(eligible.filter((batch) => pending.includes(batch) || inside.includes(batch)), pending);
  const excludedBatches = rejected.slice(-listedBatches).map(labelOf);
  await dataset.decide((state) => decideWindow(state, { runId, snapshot, batches, excludedBatches }));
}

/** Of a backfill, in milliseconds since 1970; undefined for a run over what there is now. */
function windowEnd({ windowEnd: end }: RunRequested, { timeColumn }: Source): number | undefined {
  if (!end) return undefined;
  if (timeColumn === '') throw new RefitError('TIME_COLUMN_UNUSABLE', 'which data there was at a past time is told by a time column; name it under source.timeColumn');
  return timestampMs(end);
}

async function windowBatch({ artifacts }: Runtime, batch: BatchVersion): Promise<WindowBatch> {
  const snapshot = snapshotOf(batch.ingested.snapshot);
  const { hash, statisticsHash, rows, columns } = snapshot;
  return {
    name: nameOf(batch), path: await artifacts.path(hash), columns: columns.map(({ name, type }) => ({ name, type: snapshotType(type) })),
    part: { snapshotHash: hash, statisticsHash, rows },
  };
}

function snapshotOf(snapshot: Snapshot | undefined): Snapshot {
  if (!snapshot) throw new RefitError('EVENT_UNREADABLE', 'a BatchIngested event has no snapshot');
  return snapshot;
}

function listed(batches: readonly BatchVersion[], pending: readonly BatchVersion[]): readonly string[] {
  const accepted = batches.filter((batch) => !pending.includes(batch)).slice(-listedBatches);
  return batches.filter((batch) => pending.includes(batch) || accepted.includes(batch)).map(labelOf);
}

function noData(dataset: string, paths: readonly string[], rejected: readonly BatchVersion[], end: number | undefined): RefitError {
  if (end !== undefined) return new RefitError('DATA_EMPTY', `dataset ${dataset} has no rows for a window that ends at ${new Date(end).toISOString()}`);
  const where = paths.length > 0 ? `, and no file matches ${paths.join(', ')}` : '';
  const refused = rejected.length > 0 ? `; the data gate has refused ${rejected.map(labelOf).slice(0, 10).join(', ')}: deliver them again, corrected` : '';
  return new RefitError('DATA_EMPTY', `dataset ${dataset} has no batch to train on${where}${refused}${where || refused ? '' : ': announce one'}`);
}
