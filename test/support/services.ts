import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { serviceNames, ServiceProcess, type Ready, type ServiceName } from './service-process.ts';

export interface ServicesOptions {
  /** Data may lie under it; state goes to its `state`. */
  readonly folder: string;
  /** `host:port` of Kafka. */
  readonly brokers: string;
  /** Before the names of topics and groups, so that specs do not meet on a broker. */
  readonly prefix: string;
  /** Processes of each service. */
  readonly instances?: number;
  readonly env?: NodeJS.ProcessEnv;
}

/** Refit as separate processes on Kafka and one SQLite event store. */
export interface Services {
  readonly dataDirectory: string;
  /** Of the first trigger. */
  readonly http: string;
  /** host:port of the admin service, and of the registry. */
  readonly grpc: string;
  readonly registry: string;
  /** Those that run, by instance name: `training`, `training-2`, … */
  readonly processes: ReadonlyMap<string, ServiceProcess>;
  /** As by `kill -9`. */
  kill(name: string): Promise<void>;
  /** It does nothing from now on, and keeps its files and connections. */
  stall(name: string): void;
  resume(name: string): void;
  /** One more process of a service; it takes the first free name. */
  start(service: ServiceName): Promise<Ready>;
  /** As an operator stops all; their exit codes. */
  stop(): Promise<readonly number[]>;
}

/** Resolves when all are ready. */
export async function startServices({ folder, brokers, prefix, instances = 1, env = {} }: ServicesOptions): Promise<Services> {
  const dataDirectory = join(folder, 'state');
  mkdirSync(folder, { recursive: true });
  const { REFIT_SERVER: _server, ...surroundings } = process.env;
  const settings = {
    ...surroundings, REFIT_DATA_DIR: dataDirectory, REFIT_BUS_KIND: 'kafka', REFIT_KAFKA_BROKERS: brokers, REFIT_KAFKA_PREFIX: prefix, REFIT_HTTP_PORT: '0', REFIT_GRPC_PORT: '0', ...env,
  };
  const processes = new Map<string, ServiceProcess>();
  const addresses = new Map<string, Ready>();
  const start = async (service: ServiceName): Promise<Ready> => {
    const started = new ServiceProcess(service, { cwd: folder, env: settings });
    starting.add(started);
    const ready = await started.ready();
    processes.set(ready.name, started);
    addresses.set(ready.name, ready);
    void started.ended.then(() => processes.get(ready.name) === started && processes.delete(ready.name));
    return ready;
  };
  const starting = new Set<ServiceProcess>();
  const end = async (signal: NodeJS.Signals) => {
    for (const one of starting) one.signal('SIGCONT');
    for (const one of starting) one.signal(signal);
    return Promise.all([...starting].map(({ ended }) => ended));
  };
  const named = (name: string): ServiceProcess => {
    const found = processes.get(name);
    if (!found) throw new Error(`no process ${name} runs; there are: ${[...processes.keys()].join(', ')}`);
    return found;
  };
  try {
    for (let i = 0; i < instances; i++) await Promise.all(serviceNames.map(start));
  } catch (error) {
    await end('SIGKILL');
    throw error;
  }
  const of = (name: string) => addresses.get(name) ?? { name, http: '', grpc: '' };
  return {
    dataDirectory, processes, start,
    get http() { return of('trigger').http; },
    get grpc() { return of('trigger').grpc ?? ''; },
    get registry() { return of('registry').grpc ?? ''; },
    async kill(name) {
      const killed = named(name);
      killed.signal('SIGKILL');
      await killed.ended;
    },
    stall: (name) => named(name).signal('SIGSTOP'),
    resume: (name) => named(name).signal('SIGCONT'),
    async stop() {
      const running = [...starting].filter((one) => one.isRunning);
      await end('SIGTERM');
      return Promise.all(running.map(({ ended }) => ended));
    },
  };
}
