import type { ArtifactStore } from '@refit/artifacts';
import type { Bus, Inbox, KafkaConfig } from '@refit/bus';
import type { EventStore } from '@refit/event-store';
import type { WorkerPool } from '@refit/workers';
import type { Logger } from 'pino';

/** Where and within which limits this installation runs. */
export interface RefitConfig {
  /** State lives here; absolute. */
  readonly dataDirectory: string;
  readonly host: string;
  readonly httpPort: number;
  readonly grpcPort: number;
  /** Absolute folders that pipeline files and arrivals may name data under. */
  readonly allowedRoots: readonly string[];
  readonly leaseTtlMs: number;
  readonly scanIntervalMs: number;
  /** Steps of one kind at work at once, unless the step says otherwise. */
  readonly slots: number;
  readonly workerThreads: number;
  readonly store: StoreConfig;
  readonly bus: BusConfig;
}

export type StoreConfig =
  /** A file in the data directory. */
  | { readonly kind: 'sqlite' }
  | { readonly kind: 'kurrentdb'; readonly url: string; readonly username?: string; readonly password?: string; readonly caFile?: string };

export type BusConfig = { readonly kind: 'embedded' } | ({ readonly kind: 'kafka' } & KafkaConfig);

/** What the process hands to each of its services; everything else a service makes itself. */
export interface Runtime {
  readonly config: RefitConfig;
  /** Of this process, new at each start. */
  readonly instanceId: string;
  /** This process alone holds the data directory: no other instance can be alive. */
  readonly soleInstance: boolean;
  readonly store: EventStore;
  readonly bus: Bus;
  /** Where outsiders' topics come in; embedded there are none. */
  readonly inbox?: Inbox;
  readonly artifacts: ArtifactStore;
  readonly workers: WorkerPool;
  readonly logger: Logger;
}

/** Nest injection token of the Runtime, provided globally in every service. */
export const RUNTIME = Symbol('RUNTIME');
/** Nest injection token of the service's name. */
export const SERVICE_NAME = Symbol('SERVICE_NAME');
