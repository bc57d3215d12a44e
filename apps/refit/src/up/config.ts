import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import type { RefitConfig } from '@refit/service';

export interface UpOptions {
  readonly dataDir?: string;
  readonly host?: string;
  readonly port?: number;
  readonly grpcPort?: number;
  readonly allowRoot?: readonly string[];
}

export const defaultHttpPort = 7400;
export const defaultGrpcPort = 7410;
export const defaultDataDirectory = '.refit';

/** The options with every default filled in; data may lie under the current folder and the data directory. */
export function configFrom(options: UpOptions): RefitConfig {
  const dataDirectory = resolve(options.dataDir ?? defaultDataDirectory);
  return {
    dataDirectory,
    host: options.host ?? '127.0.0.1',
    httpPort: options.port ?? defaultHttpPort,
    grpcPort: options.grpcPort ?? defaultGrpcPort,
    allowedRoots: [process.cwd(), dataDirectory, ...(options.allowRoot ?? [])].map((root) => resolve(root)),
    leaseTtlMs: 10_000,
    scanIntervalMs: 5_000,
    slots: 1,
    workerThreads: Math.min(2, availableParallelism()),
    store: { kind: 'sqlite' },
    bus: { kind: 'embedded' },
  };
}
