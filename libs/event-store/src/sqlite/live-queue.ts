import type { RecordedEvent } from '../event-store.js';

/** Events that wait for a subscriber at most; one that is slower reads pages instead, so memory stays bounded. */
const capacity = 1024;

/** What a live subscriber takes: events, and how far the log has been looked through. */
export interface LiveBatch {
  readonly events: readonly RecordedEvent[];
  readonly end: number;
  /** Whether to tell the subscriber how far it is, although the last thing there was not wanted. */
  readonly checkpoint: boolean;
}

export interface Subscriber {
  readonly wants: (stream: string, type: string) => boolean;
  /** Waits for what others append, and is not to wait long. */
  readonly prompt: boolean;
}

/** Between the tail of the log, which puts, and one caught-up subscriber, which takes. */
export class LiveQueue {
  readonly wants: Subscriber['wants'];
  readonly prompt: boolean;
  #events: RecordedEvent[] = [];
  #end: number;
  /** As far as the subscriber knows. */
  #told: number;
  #checkpointDue = false;
  #open = true;
  #failure: Error | undefined;
  #wake: (() => void) | undefined;

  constructor(end: number, { wants, prompt }: Subscriber) {
    this.#end = end;
    this.#told = end;
    this.wants = wants;
    this.prompt = prompt;
  }

  get end(): number {
    return this.#end;
  }

  /** Looked through further than the subscriber knows, with nothing that it will take. */
  get silent(): boolean {
    return this.#events.length === 0 && this.#told < this.#end;
  }

  /** False when the subscriber is too slow: it is to leave. */
  put(event: RecordedEvent): boolean {
    if (this.#events.length >= capacity) return false;
    this.#events.push(event);
    return true;
  }

  /** Everything up to `end` was put or was not wanted. A subscriber may have joined ahead of the tail. */
  advance(end: number): void {
    this.#end = Math.max(this.#end, end);
    if (this.#events.length > 0) this.#wake?.();
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
