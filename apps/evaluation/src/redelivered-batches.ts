import { datasetStream, decodeEvent, listedBatches, SplitKind, type SplitMembership, type WindowFrozen } from '@refit/contracts';
import type { EventStore } from '@refit/event-store';

/** A model as the dataset's stream knows it: by the run that trained it. */
export interface TrainedOn {
  readonly runId: string;
  readonly membership: SplitMembership;
}

/**
 * Why nobody can tell which rows a champion was trained on; undefined when one can. A rule by row content does not know a
 * row again that was delivered with other values, one by time or key does.
 *
 * @throws RefitError EVENT_UNREADABLE, STORE_UNAVAILABLE
 */
export async function untraceableBecause(
  store: EventStore, dataset: string, challenger: TrainedOn, champion: TrainedOn & { readonly version: number },
): Promise<string | undefined> {
  if ([challenger, champion].every(({ membership }) => outlivesRedelivery(membership))) return undefined;
  const windows = await batchesByRun(store, dataset, [challenger.runId, champion.runId]);
  const [now, then] = [windows.get(challenger.runId), windows.get(champion.runId)];
  const remedy = 'split by time or by the hash of a key';
  if (!now || !then) return `dataset ${dataset} does not say which batches v${champion.version} was trained on, and a random split needs that: ${remedy}`;
  const again = [...now].filter(([name, version]) => then.has(name) && then.get(name) !== version).map(([name]) => name);
  if (again.length === 0) return undefined;
  const [were, them, their] = again.length === 1 ? ['was', 'it', 'its'] : ['were', 'them', 'their'];
  return `${listNames(again)} ${were} delivered again since v${champion.version} was trained on ${them}, and a random split cannot tell ${their} rows apart: ${remedy}`;
}

const outlivesRedelivery = ({ kind, column }: SplitMembership) => (kind === SplitKind.TIME || kind === SplitKind.HASH) && column !== '';

/** Version by batch name, of the windows of these runs. */
async function batchesByRun(store: EventStore, dataset: string, runIds: readonly string[]): Promise<ReadonlyMap<string, ReadonlyMap<string, number>>> {
  const newest = new Map<string, number>();
  const windows = new Map<string, ReadonlyMap<string, number>>();
  for await (const recorded of store.readStream(datasetStream(dataset))) {
    const e = decodeEvent(recorded);
    if (e?.$typeName === 'refit.dataset.v1.BatchIngested') newest.set(e.batch?.name ?? '', e.version);
    if (e?.$typeName === 'refit.dataset.v1.WindowFrozen' && runIds.includes(e.runId)) windows.set(e.runId, batchesOf(e, newest));
  }
  return windows;
}

/** Where the list may be cut, any batch that was there and not refused may have been in the window too. */
function batchesOf({ batches, excludedBatches }: WindowFrozen, newest: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  const listed = batches.map(parseLabel);
  if (batches.length < listedBatches) return new Map(listed);
  const excluded = new Map(excludedBatches.map(parseLabel));
  return new Map([...[...newest].filter(([name, version]) => excluded.get(name) !== version), ...listed]);
}

/** "week-05@2" */
function parseLabel(label: string): [name: string, version: number] {
  const at = label.lastIndexOf('@');
  return [label.slice(0, at), Number(label.slice(at + 1))];
}

function listNames(names: readonly string[]): string {
  const shown = 5;
  const more = names.length > shown ? ` and ${names.length - shown} more` : '';
  return `${names.length === 1 ? 'batch' : 'batches'} ${names.slice(0, shown).join(', ')}${more}`;
}
