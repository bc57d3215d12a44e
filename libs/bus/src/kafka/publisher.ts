import { RefitError } from '@refit/contracts';
import type { Logger } from 'pino';
import type { BusMessage } from '../bus.js';
import { KafkaFailure, type KafkaClient, type OutgoingRecord } from './kafka-client.js';
import { encodeMessage } from './message-codec.js';
import type { Reachability } from './reachability.js';
import type { TopicKeeper } from './topic-keeper.js';
import { topicOf } from './topics.js';

export interface PublisherOptions {
  readonly client: KafkaClient;
  readonly topicKeeper: TopicKeeper;
  readonly prefix: string;
  readonly reachability: Reachability;
  readonly logger: Logger;
}

/** Well under what a broker takes by default (1 MiB), even if all of a request goes to one partition. */
const mostRequestBytes = 512 * 1024;
const leastRequestBytes = 16 * 1024;

/** Writes messages to their topics. */
export class Publisher {
  readonly #options: PublisherOptions;
  #requestBytes = mostRequestBytes;
  #published = 0;
  #tooLarge = 0;

  constructor(options: PublisherOptions) {
    this.#options = options;
  }

  stats(): { readonly published: number; readonly tooLarge: number } {
    return { published: this.#published, tooLarge: this.#tooLarge };
  }

  /** Resolves when the broker has them all. @throws RefitError BUS_UNAVAILABLE */
  async publish(messages: readonly BusMessage[]): Promise<void> {
    const { topicKeeper, reachability, prefix } = this.#options;
    const records = messages.map((message): OutgoingRecord => ({ topic: prefix + topicOf(message.type), ...encodeMessage(message) }));
    const topics = new Set(records.map(({ topic }) => topic));
    try {
      await topicKeeper.ensure(topics);
      for (const part of this.#parts(records)) await this.#write(part);
      reachability.works();
    } catch (error) {
      topicKeeper.forget(topics);
      const why = `${reachability.where} did not take messages over: ${error instanceof Error ? error.message : String(error)}; check that it runs and that its addresses are right`;
      reachability.fails(why);
      throw new RefitError('BUS_UNAVAILABLE', why, { cause: error });
    }
  }

  *#parts(records: readonly OutgoingRecord[]): Generator<readonly OutgoingRecord[]> {
    let part: OutgoingRecord[] = [];
    let bytes = 0;
    for (const record of records) {
      const size = sizeOf(record);
      if (part.length > 0 && bytes + size > this.#requestBytes) {
        yield part;
        part = [];
        bytes = 0;
      }
      part.push(record);
      bytes += size;
    }
    if (part.length > 0) yield part;
  }

  /** What the broker finds too large it gets in halves, and what is too large by itself it does not get. */
  async #write(records: readonly OutgoingRecord[]): Promise<void> {
    try {
      await this.#options.client.produce(records);
      this.#published += records.length;
    } catch (error) {
      if (!(error instanceof KafkaFailure) || error.kind !== 'too-large') throw error;
      const [only] = records;
      if (only !== undefined && records.length === 1) return this.#passOver(only);
      this.#requestBytes = Math.max(leastRequestBytes, this.#requestBytes / 2);
      const half = records.length >> 1;
      await this.#write(records.slice(0, half));
      await this.#write(records.slice(half));
    }
  }

  /** The event is in the log all the same, and what waits for it finds it there; behind it others wait for the broker. */
  #passOver(record: OutgoingRecord) {
    this.#tooLarge++;
    const { ce_id: id, ce_type: type, ce_revision: revision } = record.headers;
    this.#options.logger.error(
      { id, type, stream: record.key, revision, bytes: sizeOf(record), topic: record.topic },
      `${this.#options.reachability.where} takes no message as large as ${type} of ${record.key} at revision ${revision} (${sizeOf(record)} bytes): it was not published, and is found later, by the next scan; raise max.message.bytes of the topic ${record.topic} to 1 MiB`,
    );
  }
}

/** As it travels, about. */
const sizeOf = ({ key, headers, value }: OutgoingRecord): number =>
  Object.entries(headers).reduce((sum, [name, text]) => sum + name.length + Buffer.byteLength(text) + 4, value.length + Buffer.byteLength(key) + 80);
