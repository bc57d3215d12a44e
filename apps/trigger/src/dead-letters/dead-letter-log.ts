import { deadLetterStream, RefitError, type DeadLetterEvent } from '@refit/contracts';

export type LetterStatus = 'parked' | 'retried' | 'discarded';

/** Which letters there are and what became of them, by id, oldest first. The letters themselves stay in the log. */
export type DeadLetterLog = Map<string, { readonly status: LetterStatus }>;

/** Folds the stream of dead letters; a fold owns its map. */
export const deadLetterDecider = {
  get initialState(): DeadLetterLog {
    return new Map();
  },
  evolve(log: DeadLetterLog, event: DeadLetterEvent): DeadLetterLog {
    switch (event.$typeName) {
      case 'refit.trigger.v1.DeadLetterParked':
        return log.set(event.letterId, { status: 'parked' });
      case 'refit.trigger.v1.DeadLetterRetried':
        return event.succeeded ? log.set(event.letterId, { status: 'retried' }) : log;
      case 'refit.trigger.v1.DeadLetterDiscarded':
        return log.set(event.letterId, { status: 'discarded' });
      default:
        return log;
    }
  },
};

/** @throws RefitError DEAD_LETTER_NOT_FOUND, DEAD_LETTER_SETTLED */
export function requireParked(log: DeadLetterLog, letterId: string): void {
  const letter = log.get(letterId);
  if (!letter) throw new RefitError('DEAD_LETTER_NOT_FOUND', `there is no dead letter ${letterId} in ${deadLetterStream}; see \`refit dead-letters\``);
  if (letter.status !== 'parked') throw new RefitError('DEAD_LETTER_SETTLED', `the dead letter ${letterId} was ${letter.status} already`);
}
