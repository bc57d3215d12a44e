import { setTimeout as sleep } from 'node:timers/promises';
import type { BusHealth, Relay } from '@refit/bus';
import type { EventStore } from '@refit/event-store';
import { eventLoopDelay, type EventLoopDelay } from '../event-loop.js';
import type { Runtime } from '../runtime.js';
import type { WriteWatch } from './write-watch.js';

/** What `GET /healthz` answers. */
export interface HealthReport {
  readonly status: 'ok' | 'starting' | 'unwell' | 'stopping';
  /** What is wrong, or waited for, in sentences; empty when all is well. */
  readonly why: readonly string[];
  readonly services: readonly string[];
  readonly instanceName?: string;
  readonly instanceId?: string;
  /** Where the process answers gRPC, if it does. */
  readonly grpcPort?: number;
  readonly store?: BusHealth;
  readonly bus?: BusHealth;
  readonly relay?: { readonly holding: boolean; readonly position?: string };
  readonly eventLoopDelayMs?: EventLoopDelay;
}

/** A store that has not answered by then is not reachable. */
const storePatienceMs = 2000;

/** How the process is: what it waits for while it starts, then whether its store answers and can be written, and messages flow. */
export class ProcessHealth {
  #phase: 'starting' | 'up' | 'stopping' = 'starting';
  #runtime: Runtime | undefined;
  #writes: Pick<WriteWatch, 'why'> | undefined;
  #relay: Relay | undefined;
  #grpcPort: number | undefined;
  readonly #waitingFor = new Map<string, string>();

  constructor(private readonly about: Pick<HealthReport, 'services' | 'instanceName'>) {}

  opened(runtime: Runtime, writes: Pick<WriteWatch, 'why'>): void {
    this.#runtime = runtime;
    this.#writes = writes;
  }

  up(relay: Relay, grpcPort?: number): void {
    this.#relay = relay;
    this.#grpcPort = grpcPort;
    this.#phase = 'up';
  }

  stopping(): void {
    this.#phase = 'stopping';
  }

  /** Something that the process cannot start without is away: why, or undefined when it is there. */
  waiting(what: string, why: string | undefined): void {
    if (why === undefined) this.#waitingFor.delete(what);
    else this.#waitingFor.set(what, why);
  }

  async report(): Promise<HealthReport> {
    const runtime = this.#runtime;
    const store = runtime && (await storeHealth(runtime.store, this.#writes?.why));
    const bus = runtime?.bus.health();
    const why = [...this.#waitingFor.values(), ...[store, bus].flatMap((part) => (part && !part.ok ? [part.why ?? 'out of order'] : []))];
    const relay = this.#relay?.stats();
    const delay = eventLoopDelay();
    return {
      status: this.#phase !== 'up' ? this.#phase : why.length > 0 ? 'unwell' : 'ok',
      why,
      ...this.about,
      ...(runtime && { instanceId: runtime.instanceId }),
      ...(this.#grpcPort !== undefined && { grpcPort: this.#grpcPort }),
      ...(store && { store }),
      ...(bus && { bus }),
      ...(relay && { relay: { holding: relay.holding, ...(relay.position !== undefined && { position: relay.position }) } }),
      ...(delay && { eventLoopDelayMs: delay }),
    };
  }
}

/** What cannot be read cannot be written either. */
async function storeHealth(store: EventStore, notWritten: string | undefined): Promise<BusHealth> {
  const patience = new AbortController();
  const tooLong = sleep(storePatienceMs, `the event store has not answered for ${storePatienceMs / 1000} s`, { signal: patience.signal });
  const answered = store.head().then(() => undefined, (error: unknown) => (error instanceof Error ? error.message : String(error)));
  const why = (await Promise.race([answered, tooLong])) ?? notWritten;
  patience.abort();
  tooLong.catch(() => {}); // ended by us
  return why === undefined ? { ok: true } : { ok: false, why };
}
