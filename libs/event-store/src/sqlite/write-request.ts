import type { SerialisedEvent } from '../event-rules.js';
import type { Appended, ExpectedRevision } from '../event-store.js';
import type { StoreFault } from './sqlite-errors.js';

/** What the writer's thread is asked for. */
export type WriteRequest = AppendRequest | PutRequest;

export interface AppendRequest {
  readonly kind: 'append';
  readonly stream: string;
  readonly events: readonly SerialisedEvent[];
  readonly expected: ExpectedRevision;
}

export interface PutRequest {
  readonly kind: 'put';
  readonly name: string;
  readonly value: string;
  readonly expected: number | 'none' | undefined;
}

/** What became of a request: where its last event or its record stands, or why not. */
export type WriteOutcome = { readonly written: Appended | PutDone } | { readonly fault: StoreFault };

export interface PutDone {
  readonly revision: number;
}

export interface WriterSettings {
  readonly file: string;
  readonly synchronous: 'FULL' | 'NORMAL';
  readonly lockTimeoutMs: number;
}

/** Thrown inside a transaction by a request that is refused and has left nothing behind. */
export class Refusal extends Error {
  readonly fault: StoreFault;

  constructor(message: string) {
    super(message);
    this.fault = { code: 'REVISION_CONFLICT', message };
  }
}
