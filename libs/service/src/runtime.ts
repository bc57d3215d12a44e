import { join } from 'node:path';
import type { ArtifactStore } from '@refit/artifacts';
import type { Bus, Inbox, KafkaConfig } from '@refit/bus';
import type { EventStore } from '@refit/event-store';
import type { WorkerPool } from '@refit/workers';
import type { Logger } from 'pino';
import type { Operator } from './auth/operators.js';

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
  /** The least that is written to the log; without it `info`. */
  readonly logLevel?: LogLevel;
  readonly store: StoreConfig;
  readonly bus: BusConfig;
  /** Who may ask over HTTP and gRPC, with a token; none named: everybody of this machine, and nobody else. */
  readonly operators?: readonly Operator[];
}

export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';

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
  /** Of a service's own process, among those of its data directory: `training-2`. */
  readonly instanceName?: string;
  /** Id of the process that had this name before and was killed: its leases are free at once. */
  readonly predecessor?: string;
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

/** Where this process keeps its read models. Processes share no file: who writes to one makes the others' event loops wait. */
export const readModelsFolder = ({ config, instanceName }: Pick<Runtime, 'config' | 'instanceName'>): string =>
  join(config.dataDirectory, 'projections', instanceName ?? '');

/** Nest injection token of the Runtime, provided globally in every service. */
export const RUNTIME = Symbol('RUNTIME');
/** Nest injection token of the service's name. */
export const SERVICE_NAME = Symbol('SERVICE_NAME');
