import type { FetchedRecord, PartitionOffset, TopicPartition } from './kafka-client.js';
import { PartitionWorker, type PartitionWork } from './partition-worker.js';
import { within } from './within.js';

/** A partition that has no room after so long is paused; until then its consumer waits. */
const patienceMs = 300;

interface Held extends TopicPartition {
  readonly worker: PartitionWorker;
  committed: bigint | undefined;
}

/** Pausing and resuming a partition at the broker. */
export interface Flow {
  pause(partition: TopicPartition): void;
  resume(partition: TopicPartition): void;
}

/** The partitions that this process holds in one group, each with its worker. */
export class PartitionsHeld {
  readonly #work: (partition: TopicPartition) => PartitionWork;
  readonly #held = new Map<string, Held>();
  readonly #leaving = new Set<Promise<void>>();
  #member: string | undefined;

  constructor(work: (partition: TopicPartition) => PartitionWork) {
    this.#work = work;
  }

  /** Those that are held on go on where they are, unless the group has taken this process for dead in between. */
  assign(member: string, partitions: readonly TopicPartition[], from: readonly PartitionOffset[]): void {
    const wanted = new Set(partitions.map(nameOf));
    for (const [name, { worker }] of this.#held) {
      if (member === this.#member && wanted.has(name)) continue;
      this.#held.delete(name);
      this.#letGo(worker);
    }
    this.#member = member;
    const starts = new Map(from.map((start) => [nameOf(start), start.offset]));
    for (const { topic, partition } of partitions) {
      const name = nameOf({ topic, partition });
      if (this.#held.has(name)) continue;
      const worker = new PartitionWorker(this.#work({ topic, partition }), starts.get(name));
      this.#held.set(name, { topic, partition, worker, committed: undefined });
    }
  }

  /** Resolves when there is room for more; when that takes long the partition is paused until there is. */
  async deliver(partition: TopicPartition, records: readonly FetchedRecord[], flow: Flow): Promise<void> {
    const held = this.#held.get(nameOf(partition));
    if (held === undefined) return;
    held.worker.take(records);
    if (!held.worker.isFull) return;
    const room = held.worker.room();
    if (await within(patienceMs, room)) return;
    flow.pause(held);
    void room.then(() => flow.resume(held));
  }

  /** What is done and not yet committed. */
  uncommitted(): readonly PartitionOffset[] {
    return [...this.#held.values()].flatMap(({ topic, partition, worker: { done }, committed }) =>
      done === undefined || done === committed ? [] : [{ topic, partition, offset: done }]);
  }

  committed(offsets: readonly PartitionOffset[]): void {
    for (const offset of offsets) {
      const held = this.#held.get(nameOf(offset));
      if (held === undefined) continue;
      held.committed = offset.offset;
      held.worker.committed(offset.offset);
    }
  }

  /** Begins nothing more; resolves when the handlers under way have ended. What is done stays to be committed. */
  async stop(): Promise<void> {
    await Promise.all([...[...this.#held.values()].map(({ worker }) => worker.stop()), ...this.#leaving]);
  }

  #letGo(worker: PartitionWorker) {
    const leaving = worker.stop().finally(() => this.#leaving.delete(leaving));
    this.#leaving.add(leaving);
  }
}

const nameOf = ({ topic, partition }: TopicPartition) => `${topic} ${partition}`;
