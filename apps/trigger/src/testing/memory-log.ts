import { RefitError } from '@refit/contracts';
import type { EventStore, RecordedEvent } from '@refit/event-store';

/** Streams in memory, for tests with a clock of their own: what a pipeline's trigger uses of an event store. */
export class MemoryLog implements Pick<EventStore, 'append' | 'readStream'> {
  readonly #streams = new Map<string, RecordedEvent[]>();
  #position = 0;

  append: EventStore['append'] = async (stream, events, expected) => {
    const known = this.#streams.get(stream) ?? [];
    const current = known.length === 0 ? 'no-stream' : known.length - 1;
    if (expected !== current) throw new RefitError('REVISION_CONFLICT', `${stream} is at ${current}, not at ${String(expected)}`);
    for (const event of events) known.push({ ...event, stream, revision: known.length, position: String(++this.#position), recordedAt: Date.now() });
    this.#streams.set(stream, known);
    return { revision: known.length - 1, position: String(this.#position) };
  };

  async *readStream(stream: string, { from = 0, direction = 'forwards' }: Parameters<EventStore['readStream']>[1] = {}): AsyncGenerator<RecordedEvent> {
    const events = (this.#streams.get(stream) ?? []).slice(from);
    yield* direction === 'forwards' ? events : events.reverse();
  }
}
