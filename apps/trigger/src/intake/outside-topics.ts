import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import type { OutsideMessage } from '@refit/bus';
import { dataArrivedType, decayDetectedType, isRefitError, loadCloudEvents, parseCloudEvent, RefitError, type CloudEventMessage, type OutsideEvent } from '@refit/contracts';
import { RUNTIME, type Runtime } from '@refit/service';
import { DeadLetters } from '../dead-letters/dead-letters.js';
import type { RefusedMessage } from '../dead-letters/refused-message.js';
import { PipelineRegistry } from '../pipelines/pipeline-registry.js';
import { ReadModels } from '../runs/read-models.js';
import { Intake, type Told } from './intake.js';
import { RepeatedFailures } from './repeated-failures.js';

/** The topics that others write to, and the one kind of event that each is for. */
export const outsideTopics = {
  'refit.data-arrivals': { kind: 'data-arrived', type: dataArrivedType },
  'refit.decay-signals': { kind: 'decay-detected', type: decayDetectedType },
} as const satisfies Record<string, { readonly kind: OutsideEvent['kind']; readonly type: string }>;

/** A message, and what it told or why it is refused. */
type Read = { readonly message: OutsideMessage; readonly told: Told } | RefusedFrom;
interface RefusedFrom {
  readonly message: OutsideMessage;
  readonly refusal: RefitError;
}

/**
 * CloudEvents in, over the topics that others write to. Each message is answered for: with the verdicts of the pipelines,
 * or with a dead letter. When neither can be had at the moment, the messages come again.
 */
@Injectable()
export class OutsideTopics implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #failures = new RepeatedFailures();
  #stop: (() => Promise<void>) | undefined;

  constructor(
    @Inject(RUNTIME) private readonly runtime: Pick<Runtime, 'inbox' | 'logger'>,
    private readonly intake: Intake,
    private readonly deadLetters: DeadLetters,
    private readonly pipelines: PipelineRegistry,
    private readonly readModels: ReadModels,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const { inbox } = this.runtime;
    if (!inbox) return;
    // Messages that come before everything is known would be refused for pipelines that are there.
    await Promise.all([loadCloudEvents(), this.pipelines.ready(), this.readModels.ready()]);
    this.#stop = await inbox.receive(Object.keys(outsideTopics), (messages) => this.#take(messages));
  }

  /** Before the services that it hands messages to end. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.#stop?.();
  }

  /** @throws whatever may pass: the same messages then come again */
  async #take(messages: readonly OutsideMessage[]): Promise<void> {
    const read = await Promise.all(messages.map(readMessage));
    const told = read.filter((one) => 'told' in one);
    const taken = await this.intake.takeAll(told.map((one) => one.told));
    const refused = read.filter((one): one is RefusedFrom => 'refusal' in one);
    const errors: unknown[] = [];
    taken.forEach((outcome, i) => {
      const message = told[i]?.message;
      if (!message || !('error' in outcome)) return;
      const refusal = this.#refusalOf(message, outcome.error);
      if (refusal) refused.push({ message, refusal });
      else errors.push(outcome.error);
    });
    await this.#park(refused);
    if (errors.length > 0) throw errors[0];
    for (const message of messages) this.#failures.forget(originOf(message));
  }

  /** Why a message can never be taken; undefined of trouble that may pass. A fault of ours is given three tries. */
  #refusalOf(message: OutsideMessage, error: unknown): RefitError | undefined {
    if (isRefitError(error) && error.retryable) return undefined;
    if (isRefitError(error) && error.category !== 'internal') return error;
    this.runtime.logger.error({ err: error, origin: originOf(message) }, 'a message from outside could not be taken');
    if (!this.#failures.isLast(originOf(message))) return undefined;
    return isRefitError(error) ? error : new RefitError('INTERNAL', `a fault in Refit: ${String(error).slice(0, 500)}`, { cause: error });
  }

  async #park(refused: readonly RefusedFrom[]): Promise<void> {
    const letters = await this.deadLetters.park(refused.map(asRefused));
    refused.forEach(({ message, refusal }, i) => {
      this.runtime.logger.warn({ code: refusal.code, letterId: letters[i], origin: originOf(message) }, refusal.message);
    });
  }
}

/** `kafka refit.data-arrivals/3@1234` */
const originOf = ({ topic, partition, offset }: OutsideMessage) => `kafka ${topic}/${partition}@${offset}`;

const asCloudEvent = ({ headers, body }: OutsideMessage): CloudEventMessage => ({ transport: 'kafka', headers, body });

const asRefused = ({ message, refusal }: RefusedFrom): RefusedMessage => ({
  message: asCloudEvent(message), refusal, origin: originOf(message), ...(message.key && { key: message.key }),
});

/** Reading a message depends on nothing but the message: what fails once fails always. */
async function readMessage(message: OutsideMessage): Promise<Read> {
  try {
    const event = await parseCloudEvent(asCloudEvent(message));
    requireItsTopic(message.topic, event);
    return { message, told: { event, origin: originOf(message) } };
  } catch (error) {
    return { message, refusal: isRefitError(error) ? error : new RefitError('CLOUD_EVENT_INVALID', `the message cannot be read: ${String(error).slice(0, 500)}`, { cause: error }) };
  }
}

/** Who may write to a topic may tell what the topic is for, and nothing else: that is all that an access list of Kafka can say. */
function requireItsTopic(topic: string, { kind }: OutsideEvent): void {
  const own = Object.entries(outsideTopics).find(([name]) => topic.endsWith(name));
  if (own && own[1].kind === kind) return;
  const [right, { type }] = Object.entries(outsideTopics).find(([, of]) => of.kind === kind) ?? ['none', { type: kind }];
  throw new RefitError('CLOUD_EVENT_INVALID', `a ${type} belongs on the topic ${right}, and came on ${topic}: send it there, or retry this letter if it is to count all the same`);
}
