import { Consumer, ListOffsetTimestamps, MessagesStreamFallbackModes, MessagesStreamModes, type BaseOptions, type ConsumerGroupJoinPayload, type Message, type MessagesStream } from '@platformatic/kafka';
import { fetchBytes, fetchBytesPerPartition, fetchWaitMs, heartbeatIntervalMs, rebalanceTimeoutMs, sessionTimeoutMs, silenceMs } from '../consumer-settings.js';
import type { ConsumeOptions, FetchedRecord, KafkaConsumer, PartitionOffset, TopicPartition } from '../kafka-client.js';
import { Watchdog } from '../watchdog.js';
import { failing } from './platformatic-failure.js';

type Bytes = Buffer;
type PlainConsumer = Consumer<Bytes, Bytes, Bytes, Bytes>;
type PlainMessage = Message<Bytes, Bytes, Bytes, Bytes>;
type PlainStream = MessagesStream<Bytes, Bytes, Bytes, Bytes>;

/** Messages that are taken from the stream at once. */
const mostTogether = 1_000;
/** Messages of paused partitions that are kept here before all partitions wait: its stream is one for all of them. */
const mostKept = 2_000;

/** Joins the group. What ends the consumer is reported, not mended: who uses it begins anew. */
export async function joinWithPlatformatic(base: BaseOptions, options: ConsumeOptions): Promise<KafkaConsumer> {
  const consumer: PlainConsumer = new Consumer({
    ...base,
    groupId: options.group,
    sessionTimeout: sessionTimeoutMs,
    heartbeatInterval: heartbeatIntervalMs,
    rebalanceTimeout: rebalanceTimeoutMs,
    // The broker answers who joins when all others have joined as well
    requestTimeout: silenceMs,
    maxWaitTime: fetchWaitMs,
    maxBytes: fetchBytes,
    maxBytesPerPartition: fetchBytesPerPartition,
    autocommit: false,
  });
  const member = new PlatformaticConsumer(consumer, options);
  try {
    await member.join();
    return member;
  } catch (error) {
    await consumer.close(true).catch(() => undefined);
    throw error;
  }
}

class PlatformaticConsumer implements KafkaConsumer {
  readonly ended: Promise<Error>;
  readonly #consumer: PlainConsumer;
  readonly #options: ConsumeOptions;
  readonly #end: (why: Error) => void;
  readonly #watchdog: Watchdog;
  readonly #paused = new Map<string, FetchedRecord[]>();
  #kept = 0;
  #stream: PlainStream | undefined;
  #resumed = Promise.withResolvers<void>();

  constructor(consumer: PlainConsumer, options: ConsumeOptions) {
    this.#consumer = consumer;
    this.#options = options;
    const { promise, resolve } = Promise.withResolvers<Error>();
    this.ended = promise;
    this.#end = (why) => {
      this.#watchdog.stop();
      resolve(why);
    };
    this.#watchdog = new Watchdog(silenceMs, () => this.#end(new Error(`the broker has not answered for ${silenceMs / 1000} s`)));
  }

  async join(): Promise<void> {
    const { topics } = this.#options;
    this.#consumer.on('error', (error: Error) => this.#end(error));
    this.#consumer.on('consumer:heartbeat:end', () => this.#watchdog.heard());
    this.#consumer.on('consumer:group:join', () => this.#watchdog.heard());
    this.#consumer.on('consumer:group:rebalance', () => this.#options.rebalancing());
    this.#consumer.topics.trackAll(...topics);
    const first = this.#nextAssignment();
    await this.#consumer.joinGroup({});
    const { memberId, assignments = [] } = await first;
    const partitions = partitionsOf(assignments);
    const fresh = partitions.length === 0 ? [] : await this.#beginInTheNew(partitions);
    this.#options.assigned(memberId, partitions, fresh);
    this.#consumer.on('consumer:group:join', (joined) => this.#options.assigned(joined.memberId, partitionsOf(joined.assignments ?? []), []));
    const stream = await this.#consumer.consume({ topics: [...topics], mode: MessagesStreamModes.COMMITTED, fallbackMode: MessagesStreamFallbackModes.EARLIEST, autocommit: false });
    this.#stream = stream;
    void this.#read(stream);
  }

  async commit(offsets: readonly PartitionOffset[]): Promise<void> {
    await failing(() => this.#consumer.commit({ offsets: offsets.map(({ topic, partition, offset }) => ({ topic, partition, offset, leaderEpoch: -1 })) }));
  }

  pause(partition: TopicPartition): void {
    const name = nameOf(partition);
    if (!this.#paused.has(name)) this.#paused.set(name, []);
  }

  resume({ topic, partition }: TopicPartition): void {
    const name = nameOf({ topic, partition });
    const kept = this.#paused.get(name) ?? [];
    this.#paused.delete(name);
    this.#kept -= kept.length;
    this.#resumed.resolve();
    this.#resumed = Promise.withResolvers();
    if (kept.length > 0) void this.#options.deliver({ topic, partition }, kept);
  }

  async close(): Promise<void> {
    this.#watchdog.stop();
    this.#resumed.resolve();
    await this.#stream?.close();
    await this.#consumer.close();
  }

  #nextAssignment(): Promise<ConsumerGroupJoinPayload> {
    return new Promise((resolve) => {
      this.#consumer.once('consumer:group:join', resolve);
    });
  }

  /** Where to begin in those partitions in which the group has no place yet; the broker is told as well. */
  async #beginInTheNew(partitions: readonly TopicPartition[]): Promise<readonly PartitionOffset[]> {
    const { begin } = this.#options;
    if (begin === 'oldest') return []; // as its stream does by itself
    const byTopic = Map.groupBy(partitions, ({ topic }) => topic);
    const committed = await this.#consumer.listCommittedOffsets({ topics: [...byTopic].map(([topic, ofTopic]) => ({ topic, partitions: ofTopic.map(({ partition }) => partition) })) });
    const topics = [...byTopic.keys()];
    const ends = await this.#consumer.listOffsets({ topics, timestamp: ListOffsetTimestamps.LATEST });
    // −1 where nothing has been written since
    const since = begin === 'end' ? undefined : await this.#consumer.listOffsets({ topics, timestamp: BigInt(begin.since) });
    const starts = partitions.flatMap(({ topic, partition }): PartitionOffset[] => {
      const [end, first = -1n] = [ends.get(topic)?.[partition], since?.get(topic)?.[partition]];
      const isKnown = (committed.get(topic)?.[partition] ?? -1n) >= 0n;
      return isKnown || end === undefined ? [] : [{ topic, partition, offset: first >= 0n ? first : end }];
    });
    if (starts.length > 0) await this.commit(starts);
    return starts;
  }

  async #read(stream: PlainStream) {
    try {
      for await (const messages of readTogether(stream)) {
        for (const [place, records] of byPartition(messages)) await this.#handOver(place, records);
      }
      this.#end(new Error('its stream of messages has ended'));
    } catch (error) {
      this.#end(error instanceof Error ? error : new Error(String(error)));
    }
  }

  async #handOver(place: TopicPartition, records: readonly FetchedRecord[]) {
    const kept = this.#paused.get(nameOf(place));
    if (kept === undefined) {
      await this.#options.deliver(place, records);
      return;
    }
    kept.push(...records);
    this.#kept += records.length;
    if (this.#kept > mostKept) await this.#resumed.promise;
  }
}

/** As many messages as are there, up to a bound; the stream fetches no more while they are not taken. */
async function* readTogether(stream: PlainStream): AsyncGenerator<readonly PlainMessage[]> {
  let ended = false;
  let failure: Error | undefined;
  let change = Promise.withResolvers<void>();
  stream.on('readable', () => change.resolve());
  stream.on('error', (error) => {
    failure = error;
    change.resolve();
  });
  stream.on('close', () => {
    ended = true;
    change.resolve();
  });
  while (!ended && failure === undefined) {
    const messages = takeWaiting(stream);
    if (messages.length > 0) yield messages;
    else {
      await change.promise;
      change = Promise.withResolvers();
    }
  }
  if (failure !== undefined) throw failure;
}

function takeWaiting(stream: PlainStream): readonly PlainMessage[] {
  const messages: PlainMessage[] = [];
  while (messages.length < mostTogether) {
    const message = stream.read() as PlainMessage | null; // an object stream of these
    if (message === null) break;
    messages.push(message);
  }
  return messages;
}

/** In the order in which partitions first appear; within one, in the order of offsets. */
function byPartition(messages: readonly PlainMessage[]): Iterable<readonly [TopicPartition, readonly FetchedRecord[]]> {
  const groups = new Map<string, [TopicPartition, FetchedRecord[]]>();
  for (const message of messages) {
    const { topic, partition } = message;
    const name = nameOf(message);
    const group = groups.get(name) ?? [{ topic, partition }, []];
    group[1].push(fetchedRecord(message));
    groups.set(name, group);
  }
  return groups.values();
}

const nameOf = ({ topic, partition }: TopicPartition) => `${topic} ${partition}`;

const partitionsOf = (assignments: NonNullable<ConsumerGroupJoinPayload['assignments']>): readonly TopicPartition[] =>
  assignments.flatMap(({ topic, partitions }) => partitions.map((partition) => ({ topic, partition })));

const fetchedRecord = ({ offset, key, value, headerEntries }: PlainMessage): FetchedRecord => ({
  offset,
  key: key ?? undefined,
  value: value ?? Buffer.alloc(0),
  headers: headerEntries.map(([name, text]) => [name.toString(), text ?? Buffer.alloc(0)]),
});
