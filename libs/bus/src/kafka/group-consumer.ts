import { setTimeout as sleep } from 'node:timers/promises';
import { Availability } from './availability.js';
import { KafkaFailure, type Beginning } from './kafka-client.js';
import { Membership, type MembershipOptions } from './membership.js';
import type { TopicKeeper } from './topic-keeper.js';

export interface GroupConsumerOptions extends Omit<MembershipOptions, 'topics'> {
  readonly topicKeeper: TopicKeeper;
}

const firstPauseMs = 250;
const longestPauseMs = 5_000;
/** Who begins to read waits so long for a broker that is there but not yet ready. */
const patienceMs = 5_000;
/** A broker that has just started lets nobody in for so long (its coordinator loads): that is worth a word only when it lasts. */
const gettingReadyMs = 15_000;

/** A loss is noticed, and a topic is deleted, some time before a group is joined again. */
const lossNoticedWithinMs = 10_000;

/** Keeps this process a member of a group for as long as it is wanted, whatever happens to Kafka. */
export class GroupConsumer {
  readonly #options: GroupConsumerOptions;
  readonly #availability: Availability;
  readonly #topics = new Set<string>();
  readonly #abandoned = new Set<Promise<void>>();
  /** Who reads has been told, or this process has been a member: from then on nothing is skipped. */
  #since: number | undefined;
  #stopping = new AbortController();
  #settled: Promise<void> = Promise.resolve();
  #ended: Promise<void> = Promise.resolve();

  constructor(options: GroupConsumerOptions) {
    this.#options = options;
    this.#availability = new Availability(`the Kafka consumer group ${options.group}`, options.logger, `joining the Kafka consumer group ${options.group}`);
  }

  /** Why messages do not flow; undefined when they do. */
  get why(): string | undefined {
    return this.#topics.size === 0 ? undefined : this.#availability.why;
  }

  /** Reads these topics too. Resolves when it does, or when Kafka is away or not ready for seconds; it goes on trying. */
  async read(topics: Iterable<string>): Promise<void> {
    const before = this.#topics.size;
    for (const topic of topics) this.#topics.add(topic);
    if (this.#topics.size > before) this.#begin();
    await this.#settled;
  }

  /** Leaves the group; resolves when the handlers under way have ended. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#ended;
    await Promise.all(this.#abandoned);
  }

  /** Anew with all topics, after the membership before has ended. */
  #begin() {
    const before = this.#ended;
    this.#stopping.abort();
    const stopping = new AbortController();
    this.#stopping = stopping;
    const settled = Promise.withResolvers<void>();
    this.#settled = settled.promise;
    this.#ended = before.then(() => this.#run(stopping.signal, settled.resolve)).finally(settled.resolve);
  }

  async #run(signal: AbortSignal, settled: () => void) {
    let pauseMs = firstPauseMs;
    const begun = performance.now();
    while (!signal.aborted) {
      try {
        await this.#beMember(signal, () => {
          pauseMs = firstPauseMs;
          this.#availability.works();
          settled();
        });
      } catch (error) {
        const isReadySoon = error instanceof KafkaFailure && error.kind !== 'unreachable';
        const since = performance.now() - begun;
        this.#say(error, isReadySoon && since < gettingReadyMs);
        if (!isReadySoon || since > patienceMs) {
          this.#since ??= Date.now();
          settled();
        }
      }
      await sleep(pauseMs * (0.75 + Math.random() / 2), undefined, { signal }).catch(() => undefined);
      pauseMs = Math.min(2 * pauseMs, longestPauseMs);
    }
  }

  /** Until it is no more: by the signal, or @throws why. */
  async #beMember(signal: AbortSignal, joined: () => void) {
    const { topicKeeper, ...options } = this.#options;
    const topics = [...this.#topics];
    await topicKeeper.ensure(topics);
    if (signal.aborted) return;
    const membership = await Membership.join({ ...options, topics, begin: this.#beginning() }).catch((error: unknown) => {
      topicKeeper.forget(topics);
      throw error;
    });
    joined();
    const why = await Promise.race([membership.ended(), aborted(signal)]);
    if (why === undefined) {
      await membership.leave();
      return;
    }
    topicKeeper.forget(topics);
    this.#since = Date.now() - lossNoticedWithinMs;
    this.#abandon(membership);
    throw why;
  }

  /** Topics that are new to the group, or were made again, have no place of it yet. */
  #beginning(): Beginning {
    return this.#options.begin === 'end' && this.#since !== undefined ? { since: this.#since } : this.#options.begin;
  }

  /** Its handlers may take their time; it is not waited for. */
  #abandon(membership: Membership) {
    const abandoned = membership.abandon().finally(() => this.#abandoned.delete(abandoned));
    this.#abandoned.add(abandoned);
  }

  #say(error: unknown, isUsual: boolean) {
    const message = error instanceof Error ? error.message : String(error);
    const hint = error instanceof KafkaFailure && error.kind === 'no-topic' ? 'a topic is gone and is made again' : 'it is joined again as soon as Kafka lets it';
    const why = `the Kafka consumer group ${this.#options.group} gets no messages: ${message}; ${hint}`;
    if (isUsual) this.#availability.notYet(why);
    else this.#availability.fails(why);
  }
}

const aborted = (signal: AbortSignal): Promise<undefined> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    else signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
