import { ANY, jsonEvent, NO_STREAM, WrongExpectedVersionError, type AppendResult, type EventData, type KurrentDBClient } from '@kurrent/kurrentdb-client';
import { RefitError } from '@refit/contracts';
import type { Appended, ExpectedRevision, NewEvent } from '../event-store.js';
import { InFlight } from './in-flight.js';
import { isPlace, toPosition } from './log-position.js';
import type { Patience } from './patience.js';
import type { ReadLog } from './read-log.js';

/**
 * Appends at once. One fewer than the stream of a gRPC call holds back: with more, the client would queue them by
 * itself, and a connection lost at that moment would raise an unhandled rejection in it.
 */
const mostInFlight = 15;

/**
 * Appends, in one call per batch of events.
 *
 * The server's rules, read in its sources (IndexWriter.CheckCommit), and what becomes of them here:
 * - At an exact revision or NO_STREAM that the stream has passed, the same ids at the same places succeed as a repeat,
 *   with the first revision. The position may be missing then, and is read.
 * - Ids of which only the first few stand there are refused: a conflict.
 * - Ids that stand at other places are a conflict too, if the revision is not the stream's last. At the last revision
 *   they are written again: nothing else in the stream is looked at. Ids of one's own are the writer's duty.
 * - At ANY, ids that were written lately are taken for a repeat; it is not known how far back. The port promises nothing.
 */
export class AppendEvents {
  readonly #inFlight = new InFlight(mostInFlight);
  readonly #patience: Patience;
  readonly #log: ReadLog;

  constructor(patience: Patience, log: ReadLog) {
    this.#patience = patience;
    this.#log = log;
  }

  /** @throws RefitError REVISION_CONFLICT, STORE_UNAVAILABLE, STORE_ACCESS_DENIED */
  async append(stream: string, events: readonly NewEvent[], expected: ExpectedRevision): Promise<Appended> {
    const written = events.map(({ id, type, data, metadata }) => jsonEvent({ id, type, data, metadata }));
    // The same call again is safe, but at 'any'.
    const result = await this.write(stream, written, expected, expected !== 'any');
    const revision = Number(result.nextExpectedRevision);
    return { revision, position: isPlace(result.position) ? toPosition(result.position) : await this.#log.positionOf(stream, revision) };
  }

  /** @throws RefitError REVISION_CONFLICT, STORE_UNAVAILABLE, STORE_ACCESS_DENIED */
  write(stream: string, events: EventData[], expected: ExpectedRevision, repeatable: boolean): Promise<AppendResult> {
    const send = (client: KurrentDBClient) => client.appendToStream(stream, events, { streamState: streamState(expected) }).catch(refused);
    return this.#inFlight.run(() => this.#patience.run(send, { repeatable }));
  }

  /** Resolves when all that was asked for is settled. */
  settled(): Promise<void> {
    return this.#inFlight.settled();
  }
}

function streamState(expected: ExpectedRevision) {
  if (expected === 'any') return ANY;
  return expected === 'no-stream' ? NO_STREAM : BigInt(expected);
}

function refused(error: unknown): never {
  if (!(error instanceof WrongExpectedVersionError)) throw error;
  const { streamName, actualState, expectedState } = error;
  const found = actualState === NO_STREAM ? 'has no events' : `is at revision ${actualState}`;
  const wanted = expectedState === NO_STREAM ? 'was expected to have none' : expectedState === ANY ? 'holds some of the ids already' : `was expected at ${expectedState}`;
  throw new RefitError('REVISION_CONFLICT', `Stream ${streamName} ${found} and ${wanted}. Load it and decide again.`, { cause: error });
}
