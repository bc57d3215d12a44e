import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { Inject, Injectable } from '@nestjs/common';
import { v7 as uuid } from 'uuid';
import {
  DeadLetterDiscardedSchema, DeadLetterParkedSchema, DeadLetterRetriedSchema, deadLetterStream, decodeEvent, event, isRefitError, parseCloudEvent,
  type CloudEventMessage, type DeadLetterEvent, type DeadLetterParked, type RefitError,
} from '@refit/contracts';
import { handle, load, type Loaded } from '@refit/saga';
import { RUNTIME, type Runtime } from '@refit/service';
import { Clock } from '../clock.js';
import { InTurn } from '../in-turn.js';
import { Intake } from '../intake/intake.js';
import { deadLetterDecider, requireParked, type DeadLetterLog, type LetterStatus } from './dead-letter-log.js';
import { keptMessage } from './kept-message.js';

export interface DeadLetter {
  readonly parked: DeadLetterParked;
  readonly status: LetterStatus;
}

/** Messages from outside that were refused: kept in the log until a person retries or discards them. */
@Injectable()
export class DeadLetters {
  readonly #inTurn = new InTurn();
  #loaded: Loaded<DeadLetterLog> | undefined;

  constructor(
    @Inject(RUNTIME) private readonly runtime: Pick<Runtime, 'store'>,
    private readonly intake: Intake,
    private readonly clock: Clock,
  ) {}

  /** Keeps a refused message; returns the id of its letter. */
  park(message: CloudEventMessage, refusal: RefitError, origin: string): Promise<string> {
    return this.#inTurn.run(async () => {
      const letterId = uuid();
      const parked = event(DeadLetterParkedSchema, {
        letterId, origin, ...keptMessage(message), code: refusal.code, reason: refusal.message.slice(0, 2000), parkedAt: timestampFromMs(this.clock.now()),
      });
      await this.#decide(() => [parked]);
      return letterId;
    });
  }

  /** Newest first, before a revision of the stream; settled ones only when asked for. */
  async list(options: { readonly includeSettled: boolean; readonly size: number; readonly before?: number | undefined }): Promise<{ letters: DeadLetter[]; next?: number }> {
    const log = await this.#inTurn.run(() => this.#log());
    const letters: DeadLetter[] = [];
    const from = options.before === undefined ? {} : { from: options.before - 1 };
    if (options.before === 0) return { letters };
    for await (const recorded of this.runtime.store.readStream(deadLetterStream, { direction: 'backwards', ...from })) {
      const parked = decodeEvent(recorded);
      if (parked?.$typeName !== 'refit.trigger.v1.DeadLetterParked') continue;
      const status = log.get(parked.letterId)?.status ?? 'parked';
      if (status !== 'parked' && !options.includeSettled) continue;
      if (letters.length === options.size) return { letters, next: recorded.revision + 1 };
      letters.push({ parked, status });
    }
    return { letters };
  }

  /**
   * Takes the message once more, as if it came now.
   *
   * @returns why it was refused again; undefined when it was taken
   * @throws RefitError DEAD_LETTER_NOT_FOUND, DEAD_LETTER_SETTLED
   */
  async retry(letterId: string, actor: string): Promise<string | undefined> {
    requireParked(await this.#inTurn.run(() => this.#log()), letterId);
    const refusal = await this.#takeAgain(await this.#letter(letterId));
    await this.#settle(letterId, event(DeadLetterRetriedSchema, { letterId, actor, succeeded: refusal === undefined, reason: refusal ?? '' }), actor);
    return refusal;
  }

  /** @throws RefitError DEAD_LETTER_NOT_FOUND, DEAD_LETTER_SETTLED */
  async discard(letterId: string, actor: string, reason: string): Promise<void> {
    await this.#settle(letterId, event(DeadLetterDiscardedSchema, { letterId, actor, reason }), actor);
  }

  async #takeAgain({ headers, body, truncated }: DeadLetterParked): Promise<string | undefined> {
    if (truncated) return 'only the first 32 KiB of the message were kept; ask its sender to send it again';
    try {
      await this.intake.take(await parseCloudEvent({ headers, body }));
      return undefined;
    } catch (error) {
      if (isRefitError(error) && !error.retryable && error.category !== 'internal') return error.message;
      throw error; // a moment's trouble, or a fault: nothing is decided about the letter
    }
  }

  async #letter(letterId: string): Promise<DeadLetterParked> {
    for await (const recorded of this.runtime.store.readStream(deadLetterStream, { direction: 'backwards' })) {
      const parked = decodeEvent(recorded);
      if (parked?.$typeName === 'refit.trigger.v1.DeadLetterParked' && parked.letterId === letterId) return parked;
    }
    throw new Error(`the dead letter ${letterId} is in the fold but not in the log`);
  }

  #settle(letterId: string, settled: DeadLetterEvent, actor: string): Promise<void> {
    return this.#inTurn.run(() =>
      this.#decide((log) => {
        requireParked(log, letterId);
        return [settled];
      }, actor),
    );
  }

  async #log(): Promise<DeadLetterLog> {
    this.#loaded = await load(this.runtime.store, deadLetterStream, deadLetterDecider, this.#loaded);
    return this.#loaded.state;
  }

  async #decide(decide: (log: DeadLetterLog) => readonly DeadLetterEvent[], actor?: string): Promise<void> {
    try {
      this.#loaded = await handle(this.runtime.store, deadLetterStream, deadLetterDecider, decide, actor ? { actor } : {}, this.#loaded);
    } catch (error) {
      this.#loaded = undefined;
      throw error;
    }
  }
}
