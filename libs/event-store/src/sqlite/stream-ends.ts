import type { DatabaseSync } from 'node:sqlite';

/** Where a stream ends. */
export interface StreamEnd {
  /** −1 when there is no such stream. */
  readonly key: number;
  /** Of its last event; −1 when it has none. */
  readonly revision: number;
}

const mostKnown = 10_000;

/**
 * Where streams end: remembered from append to append, for as long as no other process writes. Two look-ups less per
 * append are a sixth of its time when many share a transaction.
 */
export class StreamEnds {
  readonly #look: (stream: string) => StreamEnd;
  readonly #version: () => unknown;
  readonly #known = new Map<string, StreamEnd>();
  #knownVersion: unknown;

  constructor(database: DatabaseSync) {
    const select = database.prepare('SELECT key, coalesce((SELECT max(revision) FROM events WHERE stream_key = key), -1) AS revision FROM streams WHERE name = ?');
    const version = database.prepare('PRAGMA data_version');
    this.#version = () => version.get()?.['data_version'];
    this.#look = (stream) => {
      const row = select.get(stream);
      return row === undefined ? { key: -1, revision: -1 } : { key: Number(row['key']), revision: Number(row['revision']) };
    };
  }

  /** A write transaction has begun: until its end, nobody else writes. */
  begin(): void {
    const version = this.#version();
    if (version !== this.#knownVersion || this.#known.size > mostKnown) this.forget();
    this.#knownVersion = version;
  }

  get(stream: string): StreamEnd {
    return this.#known.get(stream) ?? this.#look(stream);
  }

  set(stream: string, end: StreamEnd): void {
    this.#known.set(stream, end);
  }

  /** What was written is undone. */
  forget(): void {
    this.#known.clear();
  }
}
