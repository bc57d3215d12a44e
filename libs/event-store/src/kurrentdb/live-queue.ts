import type { EventMatcher } from '../event-matcher.js';
import { comparePositions, type Position, type RecordedEvent } from '../event-store.js';

/** Events that wait for a subscriber at most; one that is slower reads pages instead, so memory stays bounded. */
const capacity = 1024;

/** What a subscriber takes: events, and how far the log has been looked through. */
export interface LiveBatch {
  readonly events: readonly RecordedEvent[];
  readonly end: Position;
  /** Whether to tell the subscriber how far it is, although the last thing there was not wanted. */
  readonly checkpoint: boolean;
}

/** Between the tail of the log, which puts, and one subscriber, which takes. */
export class LiveQueue {
  /** Everything after this is put; what is not, was before. */
  readonly start: Position;
  readonly #wants: EventMatcher;
  #events: RecordedEvent[] = [];
  #end: Position;
  /** As far as the subscriber knows. */
  #told: Position;
  #checkpointDue = false;
  #open = true;
  #failure: Error | undefined;
  #wake: (() => void) | undefined;

  constructor(start: Position, wants: EventMatcher) {
    this.start = this.#end = this.#told = start;
    this.#wants = wants;
  }

  /** Looked through further than the subscriber knows, with nothing that it will take. */
  get silent(): boolean {
    return this.#events.length === 0 && comparePositions(this.#told, this.#end) < 0;
  }

  /** False when the subscriber is too slow: it is to leave. */
  put(event: RecordedEvent): boolean {
    this.#end = event.position;
    if (!this.#wants(event.stream, event.type)) return true;
    if (this.#events.length >= capacity) return false;
    this.#events.push(event);
    this.#wake?.();
    return true;
  }

  /** Nothing up to here is wanted that was not put. */
  advance(end: Position): void {
    if (comparePositions(end, this.#end) > 0) this.#end = end;
  }

  tellCheckpoint(): void {
    this.#checkpointDue = true;
    this.#wake?.();
  }

  /** The subscriber is to read pages again, from where it last took; or it fails. */
  close(failure?: Error): void {
    this.#open = false;
    this.#events = [];
    this.#failure ??= failure;
    this.#wake?.();
  }

  /** What has come since; waits when there is nothing. Undefined when the queue was closed. Throws what it failed with. */
  async take(): Promise<LiveBatch | undefined> {
    while (this.#open && this.#events.length === 0 && !this.#checkpointDue) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#wake = undefined;
    }
    if (this.#failure !== undefined) throw this.#failure;
    if (!this.#open) return undefined;
    const batch = { events: this.#events, end: this.#end, checkpoint: this.#checkpointDue };
    this.#events = [];
    this.#checkpointDue = false;
    this.#told = this.#end;
    return batch;
  }
}
