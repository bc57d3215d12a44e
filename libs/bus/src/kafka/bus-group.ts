import type { Logger } from 'pino';
import type { BusHandler, BusMessage } from '../bus.js';
import { GroupConsumer, type GroupConsumerOptions } from './group-consumer.js';
import type { FetchedRecord, TopicPartition } from './kafka-client.js';
import { decodeMessage, UnreadableMessage } from './message-codec.js';
import { SelectiveLog } from './selective-log.js';
import { topicOf } from './topics.js';

interface Subscriber {
  readonly types: ReadonlySet<string>;
  readonly handler: BusHandler;
  readonly underWay: Set<Promise<void>>;
}

export interface GroupStats {
  /** Handler calls that ended, failed ones included. */
  readonly handled: number;
  readonly failed: number;
  /** Messages of types that nobody here asked for; acknowledged. */
  readonly unclaimed: number;
  /** Messages that are none of ours, or broken; acknowledged. */
  readonly unreadable: number;
}

export type BusGroupOptions = Omit<GroupConsumerOptions, 'begin' | 'work'> & {
  /** As subscribers call it. */
  readonly name: string;
  readonly prefix: string;
};

/** One consumer group on the bus: this process is one member of it, and its subscribers take messages in turn. */
export class BusGroup {
  readonly #name: string;
  readonly #prefix: string;
  readonly #logger: Logger;
  readonly #consumer: GroupConsumer;
  readonly #members: Subscriber[] = [];
  readonly #stats = { handled: 0, failed: 0, unclaimed: 0, unreadable: 0 };
  readonly #unreadableLog: SelectiveLog;
  #turn = 0;

  constructor({ name, prefix, ...options }: BusGroupOptions) {
    this.#name = name;
    this.#prefix = prefix;
    this.#logger = options.logger;
    this.#unreadableLog = new SelectiveLog(options.logger);
    const handle = (partition: TopicPartition) => async ([record]: readonly FetchedRecord[]) => {
      if (record !== undefined) await this.#take(partition, record);
    };
    this.#consumer = new GroupConsumer({
      ...options,
      begin: 'end',
      work: (partition) => ({
        batchSize: 1,
        work: handle(partition),
        onFailure: (error) => this.#logger.error({ err: error, ...partition }, 'a message was not handled and is taken again'),
      }),
    });
  }

  get why(): string | undefined {
    return this.#consumer.why;
  }

  stats(): GroupStats {
    return { ...this.#stats };
  }

  async join(types: readonly string[], handler: BusHandler): Promise<() => Promise<void>> {
    const subscriber: Subscriber = { types: new Set(types), handler, underWay: new Set() };
    this.#members.push(subscriber);
    await this.#consumer.read(new Set(types.map((type) => this.#prefix + topicOf(type))));
    return () => this.#leave(subscriber);
  }

  async close(): Promise<void> {
    this.#members.length = 0;
    await this.#consumer.stop();
  }

  async #leave(subscriber: Subscriber) {
    const place = this.#members.indexOf(subscriber);
    if (place >= 0) this.#members.splice(place, 1);
    await Promise.all(subscriber.underWay);
    if (this.#members.length === 0) await this.#consumer.stop();
  }

  async #take(partition: TopicPartition, record: FetchedRecord) {
    const message = this.#read(partition, record);
    if (message === undefined) return;
    const subscriber = this.#next(message.type);
    if (subscriber === undefined) {
      this.#stats.unclaimed++;
      return;
    }
    const handling = this.#handle(subscriber, message);
    subscriber.underWay.add(handling);
    await handling.finally(() => subscriber.underWay.delete(handling));
  }

  #read({ topic, partition }: TopicPartition, record: FetchedRecord): BusMessage | undefined {
    try {
      return decodeMessage(record);
    } catch (error) {
      if (!(error instanceof UnreadableMessage)) throw error;
      this.#stats.unreadable++;
      const place = { topic, partition, offset: String(record.offset) };
      this.#unreadableLog.warn(place, `a message on ${topic} is none that Refit can read, and is passed over: ${error.message}`);
      return undefined;
    }
  }

  #next(type: string): Subscriber | undefined {
    const wanting = this.#members.filter(({ types }) => types.has(type));
    return wanting[this.#turn++ % wanting.length];
  }

  async #handle({ handler }: Subscriber, message: BusMessage) {
    try {
      await handler(message);
    } catch (error) {
      this.#stats.failed++;
      const { type, stream, revision } = message;
      this.#logger.error({ err: error, group: this.#name, type, stream, revision }, `a handler of group ${this.#name} failed on ${type}`);
    } finally {
      this.#stats.handled++;
    }
  }
}
