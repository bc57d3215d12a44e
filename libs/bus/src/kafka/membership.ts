import type { Logger } from 'pino';
import type { Beginning, KafkaClient, KafkaConsumer, PartitionOffset, TopicPartition } from './kafka-client.js';
import type { PartitionWork } from './partition-worker.js';
import { PartitionsHeld } from './partitions-held.js';
import { partingMs, within } from './within.js';

export interface MembershipOptions {
  readonly client: KafkaClient;
  readonly group: string;
  readonly topics: readonly string[];
  readonly begin: Beginning;
  readonly work: (partition: TopicPartition) => PartitionWork;
  readonly logger: Logger;
}

const commitEveryMs = 500;

/** This process as a member of a group, from joining until it leaves or is lost. */
export class Membership {
  readonly #options: MembershipOptions;
  readonly #held: PartitionsHeld;
  #consumer: KafkaConsumer | undefined;
  #timer: NodeJS.Timeout | undefined;
  #committing: Promise<void> | undefined;

  private constructor(options: MembershipOptions) {
    this.#options = options;
    this.#held = new PartitionsHeld(options.work);
  }

  /** @throws KafkaFailure */
  static async join(options: MembershipOptions): Promise<Membership> {
    const membership = new Membership(options);
    try {
      await membership.#join();
      return membership;
    } catch (error) {
      await membership.abandon();
      throw error;
    }
  }

  /** Resolves, with the reason, when this process is a member no more. */
  ended(): Promise<Error> {
    return this.#consumer?.ended ?? Promise.resolve(new Error('not a member yet'));
  }

  /** Ends in order: handlers under way end, what is done is committed, and others take over at once. */
  async leave(): Promise<void> {
    await this.#held.stop();
    clearInterval(this.#timer);
    await within(partingMs, this.#part());
  }

  /** After it has ended by itself: resolves when the handlers under way have ended. */
  async abandon(): Promise<void> {
    clearInterval(this.#timer);
    await Promise.all([this.#held.stop(), within(partingMs, this.#consumer?.close() ?? Promise.resolve())]);
  }

  async #part() {
    await this.#committing;
    await this.#commit();
    await this.#consumer?.close();
  }

  async #join() {
    const { client, group, topics, begin } = this.#options;
    const flow = {
      pause: (partition: TopicPartition) => this.#consumer?.pause(partition),
      resume: (partition: TopicPartition) => this.#consumer?.resume(partition),
    };
    this.#consumer = await client.consume({
      group, topics, begin,
      assigned: (member, partitions, from) => this.#assigned(member, partitions, from),
      rebalancing: () => void this.#commit(),
      deliver: (partition, records) => this.#held.deliver(partition, records, flow),
    });
    // Where a new group begins is known to the broker from now on: whoever takes its partitions over skips nothing
    await this.#commitNow(this.#held.uncommitted());
    this.#timer = setInterval(() => void this.#commitInTurn(), commitEveryMs).unref();
  }

  #assigned(member: string, partitions: readonly TopicPartition[], from: readonly PartitionOffset[]) {
    this.#options.logger.debug({ group: this.#options.group, partitions: partitions.length }, `a member of ${this.#options.group} with ${partitions.length} partitions`);
    this.#held.assign(member, partitions, from);
  }

  async #commitInTurn() {
    if (this.#committing !== undefined) return;
    this.#committing = this.#commit();
    await this.#committing;
    this.#committing = undefined;
  }

  /** What could not be committed is with the next; what never is comes again. */
  async #commit() {
    try {
      await this.#commitNow(this.#held.uncommitted());
    } catch (error) {
      this.#options.logger.debug({ err: error, group: this.#options.group }, 'offsets were not committed');
    }
  }

  async #commitNow(offsets: readonly PartitionOffset[]) {
    if (offsets.length === 0 || this.#consumer === undefined) return;
    await this.#consumer.commit(offsets);
    this.#held.committed(offsets);
  }
}
