import { isRefitError } from '@refit/contracts';
import type { BoundedRecord, EventStore, Position } from '@refit/event-store';

/** Name of the bounded record that says who relays, and how far the log is published. */
export const relayRecord = 'relay';

/** What the record holds; the owner is empty when the role is free. */
interface RelayState {
  readonly owner: string;
  /** Counts the holders. */
  readonly epoch: number;
  /** Everything up to here is published; empty: nothing yet. */
  readonly position: string;
}

export interface RelayLeaseOptions {
  readonly store: EventStore;
  readonly instanceId: string;
  readonly ttlMs: number;
  /** No other process can be alive: whoever the record names is dead. */
  readonly soleInstance: boolean;
  /** Milliseconds of a clock that is never set, for judging another holder. */
  readonly monotonicNow: () => number;
}

/**
 * One process's view of the relay role. It is taken and renewed by compare-and-set. Another holder is judged dead when
 * its record has not changed for the TTL, by this process's own clock: clocks of two machines are never compared.
 */
export class RelayLease {
  readonly #options: RelayLeaseOptions;
  #held: { readonly epoch: number; revision: number; position: string; writtenAt: number } | undefined;
  #observed: { readonly revision: number; readonly since: number } | undefined;

  constructor(options: RelayLeaseOptions) {
    this.#options = options;
  }

  get epoch(): number {
    return this.#held?.epoch ?? 0;
  }

  /** As far as this holder has recorded. */
  get position(): Position | undefined {
    return this.#held?.position || undefined;
  }

  /** True when the role is this process's now. */
  async tryTake(): Promise<boolean> {
    const { store, instanceId, monotonicNow } = this.#options;
    const record = await store.getRecord(relayRecord);
    const state = readState(record);
    if (record !== undefined && !this.#mayTake(record, state)) return false;
    const taken = { owner: instanceId, epoch: state.epoch + 1, position: state.position };
    const revision = await this.#write(taken, record?.revision ?? 'none');
    if (revision === undefined) return false;
    this.#held = { epoch: taken.epoch, position: taken.position, revision, writtenAt: monotonicNow() };
    return true;
  }

  /** Milliseconds since the record was last written by this holder. */
  get age(): number {
    return this.#held === undefined ? 0 : this.#options.monotonicNow() - this.#held.writtenAt;
  }

  /** Records the position and renews the role. False when somebody else has taken it. */
  async renew(position: Position | undefined): Promise<boolean> {
    return this.#rewrite(this.#options.instanceId, position);
  }

  /** Records the position and leaves the role free. */
  async free(position: Position | undefined): Promise<void> {
    await this.#rewrite('', position);
    this.#held = undefined;
  }

  async #rewrite(owner: string, position: Position | undefined): Promise<boolean> {
    const held = this.#held;
    if (held === undefined) return false;
    const state = { owner, epoch: held.epoch, position: position ?? '' };
    const revision = await this.#write(state, held.revision);
    if (revision === undefined) {
      this.#held = undefined;
      return false;
    }
    this.#held = { epoch: held.epoch, position: state.position, revision, writtenAt: this.#options.monotonicNow() };
    return true;
  }

  #mayTake(record: BoundedRecord, state: RelayState): boolean {
    const { instanceId, ttlMs, soleInstance, monotonicNow } = this.#options;
    // Our own id: a write of ours arrived although its answer got lost.
    if (soleInstance || state.owner === '' || state.owner === instanceId) return true;
    if (this.#observed?.revision !== record.revision) this.#observed = { revision: record.revision, since: monotonicNow() };
    return monotonicNow() - this.#observed.since >= ttlMs;
  }

  async #write(state: RelayState, expected: number | 'none'): Promise<number | undefined> {
    try {
      return (await this.#options.store.putRecord(relayRecord, { ...state }, expected)).revision;
    } catch (error) {
      if (isRefitError(error, 'REVISION_CONFLICT')) return undefined;
      throw error;
    }
  }
}

/** A record that cannot be read counts as free and at the start: publishing again is safe, not publishing is not. */
function readState(record: BoundedRecord | undefined): RelayState {
  const value = record?.value;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { owner: '', epoch: 0, position: '' };
  const { owner, epoch, position } = value;
  return {
    owner: typeof owner === 'string' ? owner : '',
    epoch: typeof epoch === 'number' ? epoch : 0,
    position: typeof position === 'string' ? position : '',
  };
}
