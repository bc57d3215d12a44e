import { Injectable } from '@nestjs/common';
import { DeadLetterRetriedSchema, event, isRefitError, parseCloudEvent, type DeadLetterParked } from '@refit/contracts';
import { Intake, type PipelineVerdict } from '../intake/intake.js';
import { DeadLetters } from './dead-letters.js';
import { LetterStream, requireParked } from './letter-stream.js';

/** What came of a letter's message: taken, with each pipeline's verdict, or refused again. */
export type Retried = { readonly letterId: string } & ({ readonly verdicts: readonly PipelineVerdict[] } | { readonly refusal: string });

/** Takes the messages of dead letters once more. */
@Injectable()
export class RetryLetter {
  constructor(
    private readonly letters: DeadLetters,
    private readonly stream: LetterStream,
    private readonly intake: Intake,
  ) {}

  /**
   * As if the message came now: a person stands behind it, so it matters no more on which topic it came.
   *
   * @param prefix of the letter's id
   * @throws RefitError DEAD_LETTER_NOT_FOUND, DEAD_LETTER_SETTLED, REQUEST_INVALID
   */
  async retry(prefix: string, actor: string): Promise<Retried> {
    const { parked } = await this.letters.get(prefix);
    const { letterId } = parked;
    requireParked((await this.stream.known()).get(letterId), letterId);
    const retried = await this.#take(parked);
    const refusal = 'refusal' in retried ? retried.refusal : undefined;
    await this.stream.append((letters) => {
      requireParked(letters.get(letterId), letterId);
      return [event(DeadLetterRetriedSchema, { letterId, actor, succeeded: refusal === undefined, reason: refusal ?? '' })];
    }, actor);
    return retried;
  }

  async #take({ letterId, headers, body, truncated, origin }: DeadLetterParked): Promise<Retried> {
    if (truncated) return { letterId, refusal: whereTheRestIs(origin) };
    try {
      const transport = origin.startsWith('kafka ') ? 'kafka' : 'http';
      return { letterId, verdicts: await this.intake.take(await parseCloudEvent({ transport, headers, body }), '', `dead letter ${letterId}`) };
    } catch (error) {
      if (isRefitError(error) && !error.retryable && error.category !== 'internal') return { letterId, refusal: error.message };
      throw error; // a moment's trouble, or a fault: nothing is decided about the letter
    }
  }
}

function whereTheRestIs(origin: string): string {
  const at = /^kafka (.+)\/(\d+)@(\d+)$/.exec(origin);
  if (!at) return 'only the first 32 KiB of the message were kept; ask its sender to send it again';
  const [, topic, partition, offset] = at;
  return `only the first 32 KiB of the message were kept; the whole is on topic ${topic}, partition ${partition}, at offset ${offset}, as long as the topic keeps it: write it to the topic again, or ask its sender to`;
}
