/** A message as it is written: headers are text. */
export interface OutgoingRecord {
  readonly topic: string;
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly value: Buffer;
}

/** A message as it was read. */
export interface FetchedRecord {
  readonly offset: bigint;
  readonly key: Buffer | undefined;
  readonly headers: readonly (readonly [name: string, value: Buffer])[];
  /** Empty where there is none. */
  readonly value: Buffer;
}

export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

export interface PartitionOffset extends TopicPartition {
  /** Of the first message that is not done. */
  readonly offset: bigint;
}

export interface NewTopic {
  readonly name: string;
  readonly partitions: number;
  readonly replicationFactor: number;
}

/** What is done with what a member of a group gets. */
export interface Deliveries {
  /**
   * This member of the group holds these partitions now, and no others. As another member than before it holds all of
   * them anew. `from`: where it begins in partitions that the group had not yet begun.
   */
  assigned(member: string, partitions: readonly TopicPartition[], from: readonly PartitionOffset[]): void;
  /** Partitions are about to be given to others: what is done should be committed now. */
  rebalancing(): void;
  /** In the order of their offsets. Resolves when there is room for more, at the latest after a short while. */
  deliver(partition: TopicPartition, records: readonly FetchedRecord[]): Promise<void>;
}

/**
 * Where a group begins in partitions in which it has never been: at the present end, with the first message that was
 * written at or after a time (milliseconds since 1970), or with the oldest that is kept.
 */
export type Beginning = 'end' | 'oldest' | { readonly since: number };

export interface ConsumeOptions extends Deliveries {
  readonly group: string;
  readonly topics: readonly string[];
  readonly begin: Beginning;
}

export interface KafkaConsumer {
  /** Resolves, with the reason, when it can go on no more by itself. */
  readonly ended: Promise<Error>;
  commit(offsets: readonly PartitionOffset[]): Promise<void>;
  /** Nothing more of this partition until it is resumed. */
  pause(partition: TopicPartition): void;
  resume(partition: TopicPartition): void;
  /** Leaves the group, so that others take over at once. */
  close(): Promise<void>;
}

/**
 * What is asked of a library that speaks to Kafka. It connects when it is first needed, and again after a loss; what it
 * cannot do within seconds it refuses. Everything above is ours, and the same for every library.
 *
 * @throws KafkaFailure from every method
 */
export interface KafkaClient {
  /** How many partitions the topics have, of those that exist. */
  partitionCounts(topics: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /** Resolves when they can be written and read. Those that exist already are left as they are. */
  createTopics(topics: readonly NewTopic[]): Promise<void>;
  /** Resolves when all in-sync replicas have them. Records of one key go to one partition, in their order. */
  produce(records: readonly OutgoingRecord[]): Promise<void>;
  /** Resolves when this process is a member of the group and its places in the partitions are known. */
  consume(options: ConsumeOptions): Promise<KafkaConsumer>;
  close(): Promise<void>;
}

/**
 * `too-large`: for what the broker takes. `no-topic`: a topic or a partition is not there. `refused`: the broker says no
 * for another reason, which may be over in a moment, as when it has just started. `unreachable`: no broker answers.
 */
export type FailureKind = 'too-large' | 'no-topic' | 'refused' | 'unreachable';

export class KafkaFailure extends Error {
  override readonly name = 'KafkaFailure';

  constructor(readonly kind: FailureKind, message: string, cause: unknown) {
    super(message, { cause });
  }
}
