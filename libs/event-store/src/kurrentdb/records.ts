import { randomUUID } from 'node:crypto';
import type { JsonValue } from '@bufbuild/protobuf';
import { jsonEvent, metastreamOf } from '@kurrent/kurrentdb-client';
import { isRefitError } from '@refit/contracts';
import type { BoundedRecord, ExpectedRevision } from '../event-store.js';
import type { AppendEvents } from './append-events.js';
import type { ReadLog } from './read-log.js';
import { recordStream, recordType } from './record-streams.js';
import { recordValue } from './recorded-event.js';

/** How many records are remembered as bounded; forgetting them costs one call each. */
const mostRemembered = 10_000;

/**
 * A record is the last event of a stream of its own, of which the server keeps one: what is older can no longer be read,
 * and takes room until the server is scavenged. The revision is the stream's.
 */
export class Records {
  readonly #appends: AppendEvents;
  readonly #log: ReadLog;
  /** Streams that the server was told, or is being told, to keep one event of. */
  readonly #bounded = new Map<string, Promise<void>>();

  constructor(appends: AppendEvents, log: ReadLog) {
    this.#appends = appends;
    this.#log = log;
  }

  async get(name: string): Promise<BoundedRecord | undefined> {
    const last = await this.#log.lastOf(recordStream(name));
    return last && { name, value: recordValue(last), revision: Number(last.revision) };
  }

  /** @throws RefitError REVISION_CONFLICT */
  async put(name: string, value: JsonValue, expected: number | 'none' | undefined): Promise<BoundedRecord> {
    const stream = recordStream(name);
    // One that has a revision was bounded before its first event.
    if (typeof expected !== 'number') await this.#bound(stream);
    const event = jsonEvent({ id: randomUUID(), type: recordType, data: { value } });
    const { nextExpectedRevision } = await this.#appends.write(stream, [event], expectedRevision(expected), true);
    return { name, value, revision: Number(nextExpectedRevision) };
  }

  #bound(stream: string): Promise<void> {
    const known = this.#bounded.get(stream);
    if (known !== undefined) return known;
    if (this.#bounded.size >= mostRemembered) this.#bounded.clear();
    const telling = this.#tellToKeepOne(stream);
    this.#bounded.set(stream, telling);
    telling.catch(() => this.#bounded.delete(stream));
    return telling;
  }

  async #tellToKeepOne(stream: string): Promise<void> {
    const metadata = jsonEvent({ id: randomUUID(), type: '$metadata', data: { $maxCount: 1 } });
    try {
      await this.#appends.write(metastreamOf(stream), [metadata], 'no-stream', true);
    } catch (error) {
      // Another process was first.
      if (!isRefitError(error, 'REVISION_CONFLICT')) throw error;
    }
  }
}

function expectedRevision(expected: number | 'none' | undefined): ExpectedRevision {
  return expected === 'none' ? 'no-stream' : (expected ?? 'any');
}
