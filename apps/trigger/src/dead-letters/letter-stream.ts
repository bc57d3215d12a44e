import { Inject, Injectable } from '@nestjs/common';
import { deadLetterStream, decodeEvent, isRefitError, RefitError, type DeadLetterEvent, type DeadLetterParked } from '@refit/contracts';
import type { DeadLettersQueries, LetterRow } from '@refit/projections';
import { toNewEvents } from '@refit/saga';
import { RUNTIME, type Runtime } from '@refit/service';
import { InTurn } from '../in-turn.js';
import { ReadModels } from '../runs/read-models.js';

/** The stream of dead letters. What is decided about it is decided on its read model: memory would not hold a flood of letters. */
@Injectable()
export class LetterStream {
  readonly #inTurn = new InTurn();

  constructor(
    @Inject(RUNTIME) private readonly runtime: Pick<Runtime, 'store'>,
    private readonly readModels: ReadModels,
  ) {}

  /** The letters there are by now. @throws RefitError STORE_UNAVAILABLE */
  known(): Promise<DeadLettersQueries> {
    return this.readModels.deadLetters();
  }

  /** Appends what is decided on the letters there are; decides again when somebody else was faster. */
  append<E extends DeadLetterEvent>(decide: (letters: DeadLettersQueries) => readonly E[], actor?: string): Promise<readonly E[]> {
    return this.#inTurn.run(async () => {
      for (;;) {
        const letters = await this.known();
        const events = decide(letters);
        if (events.length === 0) return events;
        const end = letters.end();
        try {
          await this.runtime.store.append(deadLetterStream, toNewEvents(events, actor ? { actor } : {}), end < 0 ? 'no-stream' : end);
          return events;
        } catch (error) {
          if (!isRefitError(error, 'REVISION_CONFLICT')) throw error;
        }
      }
    });
  }

  /** The letter as it was parked. */
  async parked({ letterId, revision }: Pick<LetterRow, 'letterId' | 'revision'>): Promise<DeadLetterParked> {
    for await (const recorded of this.runtime.store.readStream(deadLetterStream, { from: revision, limit: 1 })) {
      const parked = decodeEvent(recorded);
      if (parked?.$typeName === 'refit.trigger.v1.DeadLetterParked' && parked.letterId === letterId) return parked;
    }
    throw new RefitError('INTERNAL', `the dead letter ${letterId} is in the read model but not in the log`);
  }
}

/** @throws RefitError DEAD_LETTER_NOT_FOUND, DEAD_LETTER_SETTLED */
export function requireParked(letter: LetterRow | undefined, letterId: string): LetterRow {
  if (!letter) throw new RefitError('DEAD_LETTER_NOT_FOUND', `there is no dead letter ${letterId}; see \`refit dead-letters --all\``);
  if (letter.status !== 'parked') throw new RefitError('DEAD_LETTER_SETTLED', `the dead letter ${letterId} was ${letter.status} already`);
  return letter;
}
