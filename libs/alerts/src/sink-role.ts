import { heartbeatRecord, isRefitError } from '@refit/contracts';
import type { BoundedRecord, EventStore, Position } from '@refit/event-store';

/** A process that can deliver alerts, among others that can. */
export interface Deliverer {
  readonly instanceId: string;
  /** A process whose heartbeat has not changed for so long is taken for dead. */
  readonly leaseTtlMs: number;
  /** No other process can be alive. */
  readonly soleInstance: boolean;
  /** A process that surely is dead. */
  readonly predecessor?: string;
}

/** What the record of a sink holds; the owner is empty when the role is free. */
interface Place {
  readonly owner: string;
  /** Every alert up to here was delivered; empty: none yet. */
  readonly position: string;
}

/**
 * Who of several processes delivers to a sink, and how far it has come: one record, changed by compare-and-set. The owner
 * is judged by its heartbeat, on this process's own clock, so that a role at rest costs no writes.
 */
export class SinkRole {
  #held: { readonly place: Place; readonly revision: number } | undefined;
  #heard: { readonly owner: string; readonly beat: number; readonly since: number } | undefined;

  constructor(
    private readonly store: EventStore,
    private readonly record: string,
    private readonly self: Deliverer,
  ) {}

  get position(): Position | undefined {
    return this.#held?.place.position || undefined;
  }

  /** True when the role is this process's now. */
  async tryTake(): Promise<boolean> {
    const record = await this.store.getRecord(this.record);
    const place = readPlace(record);
    if (!(await this.#mayTake(place.owner))) return false;
    return this.#write({ ...place, owner: this.self.instanceId }, record?.revision ?? 'none');
  }

  /** Everything up to here is delivered. False when another process has taken the role. */
  async move(position: Position): Promise<boolean> {
    return this.#held !== undefined && this.#write({ owner: this.self.instanceId, position }, this.#held.revision);
  }

  /** For the next to take at once. */
  async free(): Promise<void> {
    if (this.#held !== undefined) await this.#write({ ...this.#held.place, owner: '' }, this.#held.revision);
    this.#held = undefined;
  }

  async #mayTake(owner: string): Promise<boolean> {
    const { instanceId, soleInstance, predecessor } = this.self;
    return soleInstance || ['', instanceId, predecessor].includes(owner) || this.#isDead(owner);
  }

  async #isDead(owner: string): Promise<boolean> {
    const beat = (await this.store.getRecord(heartbeatRecord(owner)))?.revision ?? -1;
    if (this.#heard?.owner !== owner || this.#heard.beat !== beat) this.#heard = { owner, beat, since: performance.now() };
    return performance.now() - this.#heard.since >= this.self.leaseTtlMs;
  }

  async #write(place: Place, expected: number | 'none'): Promise<boolean> {
    try {
      const { revision } = await this.store.putRecord(this.record, { ...place }, expected);
      this.#held = { place, revision };
      return true;
    } catch (error) {
      this.#held = undefined;
      if (isRefitError(error, 'REVISION_CONFLICT')) return false;
      throw error;
    }
  }
}

/** Before there were several, the record was the position alone. What cannot be read is free and at the start: twice is safe, never is not. */
function readPlace(record: BoundedRecord | undefined): Place {
  const value = record?.value;
  if (typeof value === 'string') return { owner: '', position: value };
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { owner: '', position: '' };
  const { owner, position } = value;
  return { owner: typeof owner === 'string' ? owner : '', position: typeof position === 'string' ? position : '' };
}
