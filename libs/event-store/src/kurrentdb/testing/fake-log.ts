import { EventEmitter } from 'node:events';

export interface Proposed {
  readonly id: string;
  readonly type: string;
  readonly contentType: string;
  readonly data: Uint8Array;
  readonly metadata: Uint8Array;
}

export interface Entry extends Proposed {
  readonly stream: string;
  readonly revision: number;
  /** Commit and prepare position alike, as the server gives to whatever comes in over gRPC. */
  readonly position: bigint;
  /** Where the next record begins. */
  readonly post: bigint;
  readonly created: number;
}

export type Expected = number | 'no-stream' | 'any';

export type AppendOutcome =
  /** `position` is missing where the server would not find it: when a repeat is answered. */
  | { readonly kind: 'done'; readonly revision: number; readonly position: bigint | undefined }
  /** −1: there is no such stream. */
  | { readonly kind: 'wrong-version'; readonly current: number };

const anchor = 1500n;
const recordOverhead = 120;

/**
 * The rules of KurrentDB's log, as its sources have them (IndexWriter.CheckCommit, IndexReader, AllReader): expected
 * revisions, what counts as a repeat, $maxCount. In memory.
 */
export class FakeLog {
  readonly entries: Entry[] = [];
  readonly changes = new EventEmitter().setMaxListeners(0);
  readonly #streams = new Map<string, Entry[]>();
  /** By id alone, the last that was written with it, whatever its stream: the server's memory for appends at ANY. */
  readonly #lately = new Map<string, Entry>();

  get end(): bigint {
    return this.entries.at(-1)?.post ?? anchor;
  }

  append(stream: string, proposed: readonly Proposed[], expected: Expected): AppendOutcome {
    const written = this.#streams.get(stream) ?? [];
    const current = written.length - 1;
    const at = expected === 'no-stream' ? -1 : expected;
    if (at === 'any') return this.#appendAtAny(stream, proposed, current);
    if (at > current) return { kind: 'wrong-version', current };
    if (at < current) return repeat(written, proposed, at) ?? { kind: 'wrong-version', current };
    return this.#write(stream, proposed);
  }

  /** Undefined when there is no such stream. */
  readStream(stream: string, backwards: boolean, from: number | 'start' | 'end', count: number): readonly Entry[] | undefined {
    const written = this.#streams.get(stream);
    if (written === undefined) return undefined;
    const visible = written.slice(this.#firstVisible(stream, written.length));
    if (!backwards) return visible.filter(({ revision }) => from === 'start' || revision >= Number(from)).slice(0, count);
    return visible.filter(({ revision }) => from === 'end' || revision <= Number(from)).toReversed().slice(0, count);
  }

  /** Index of the first entry at or after a position. */
  indexOf(position: bigint): number {
    let [low, high] = [0, this.entries.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.entries[middle]?.position ?? 0n) < position) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #appendAtAny(stream: string, proposed: readonly Proposed[], current: number): AppendOutcome {
    const known = proposed.map(({ id }) => this.#lately.get(id)).map((entry) => (entry?.stream === stream ? entry : undefined));
    if (known[0] === undefined) return this.#write(stream, proposed);
    if (known.includes(undefined)) return { kind: 'wrong-version', current };
    return { kind: 'done', revision: known.at(-1)?.revision ?? -1, position: undefined };
  }

  #write(stream: string, proposed: readonly Proposed[]): AppendOutcome {
    const written = this.#streams.get(stream) ?? [];
    this.#streams.set(stream, written);
    for (const event of proposed) {
      const position = this.end;
      const post = position + BigInt(recordOverhead + 2 * event.type.length + event.data.length + event.metadata.length);
      const entry: Entry = { ...event, stream, revision: written.length, position, post, created: Date.now() };
      written.push(entry);
      this.entries.push(entry);
      this.#lately.set(entry.id, entry);
    }
    this.changes.emit('change');
    return { kind: 'done', revision: written.length - 1, position: this.entries.at(-1)?.position };
  }

  #firstVisible(stream: string, length: number): number {
    const metadata = this.#streams.get(`$$${stream}`)?.at(-1);
    if (metadata === undefined) return 0;
    const { $maxCount } = JSON.parse(Buffer.from(metadata.data).toString()) as { $maxCount?: number }; // what the adapter's metadata look like
    return $maxCount === undefined ? 0 : Math.max(0, length - $maxCount);
  }
}

function repeat(written: readonly Entry[], proposed: readonly Proposed[], at: number): AppendOutcome | undefined {
  const stands = proposed.every(({ id }, index) => written[at + 1 + index]?.id === id);
  return stands ? { kind: 'done', revision: at + proposed.length, position: undefined } : undefined;
}
