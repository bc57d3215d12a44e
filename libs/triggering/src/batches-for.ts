import { ReasonKind, type Batch, type Reason } from '@refit/contracts';
import { reasonKey } from './reasons.js';
import type { TriggerView } from './trigger-state.js';

/** What one run takes at most: an event is at most 64 KiB, and RunRequested repeats both lists. */
const limits = { batches: 100, batchBytes: 24 * 1024, reasonIdBytes: 12 * 1024 } as const;

/**
 * The pending batches that a run takes, in the order of arrival. With coalescing all of them. Without, the batch of its
 * own reason and those that no queued reason stands for (skipped when they arrived, or given back by a failed run), so
 * that nothing waits for ever. Whatever is over the limits waits for the next run.
 */
export function batchesFor({ pending, queue }: Pick<TriggerView, 'pending' | 'queue'>, coalesce: boolean, own: string | undefined): readonly Batch[] {
  const promised = coalesce ? new Set<string>() : namesPromised(queue);
  const isTaken = (name: string) => name === own || !promised.has(name);
  const ownBatch = own === undefined ? undefined : pending.get(own);
  let room = limits.batchBytes - (ownBatch ? bytesOf(ownBatch) : 0);
  let places: number = limits.batches - (ownBatch ? 1 : 0);
  const taken: Batch[] = [];
  let ownTaken = ownBatch === undefined;
  for (const batch of pending.values()) {
    if (places === 0 && ownTaken) break;
    if (batch === ownBatch) {
      taken.push(batch);
      ownTaken = true;
    } else if (places > 0 && isTaken(batch.name) && bytesOf(batch) <= room) {
      taken.push(batch);
      room -= bytesOf(batch);
      places -= 1;
    }
  }
  return taken;
}

/** `<source> <id>` of the reason itself, of the waiting data arrivals whose batches the run takes, and of what joined it; the first of very many. */
export function reasonIdsFor({ queue, joined }: Pick<TriggerView, 'queue' | 'joined'>, reason: Reason, batches: readonly Batch[]): string[] {
  const names = new Set(batches.map(({ name }) => name));
  const isAnswered = (other: Reason) => isDataOf(other, names) || (other.kind !== ReasonKind.DATA_ARRIVAL && joined.has(reasonKey(other)));
  const ids = new Set([reasonKey(reason)]);
  let room = limits.reasonIdBytes;
  for (const other of [...[...queue.values()].map((queued) => queued.reason), ...joined.values()]) {
    const key = reasonKey(other);
    if (!isAnswered(other) || ids.has(key)) continue;
    room -= bytes(key);
    if (room < 0) break;
    ids.add(key);
  }
  return [...ids];
}

const isDataOf = ({ kind, batch }: Reason, names: ReadonlySet<string>) => kind === ReasonKind.DATA_ARRIVAL && batch !== undefined && names.has(batch.name);

const namesPromised = (queue: TriggerView['queue']) =>
  new Set([...queue.values()].flatMap(({ reason }) => (reason.kind === ReasonKind.DATA_ARRIVAL && reason.batch ? [reason.batch.name] : [])));

/** As JSON, with its field names. */
const bytesOf = ({ dataset, name, uri }: Batch) => bytes(JSON.stringify([dataset, name, uri])) + 100;

const bytes = (text: string) => new TextEncoder().encode(text).byteLength;
