import type { RequestListener } from 'node:http';
import { startRelay, type Relay } from '@refit/bus';
import { isRefitError } from '@refit/contracts';
import { watchEventLoop } from '../event-loop.js';
import { GrpcHost } from '../grpc/grpc-host.js';
import type { RefitConfig, Runtime } from '../runtime.js';
import { startService, type ServiceDefinition } from '../start-service.js';
import type { Closing } from './closing.js';
import { noRoutes, openHttp, type HttpFront } from './http-front.js';
import { busName } from './open-bus.js';
import { openRuntime, type Wrappers } from './open-runtime.js';
import { ProcessHealth } from './process-health.js';
import type { Place } from './take-place.js';
import { whenReachable, type Waiting } from './when-reachable.js';
import { WriteWatch } from './write-watch.js';

export interface ProcessOptions {
  /** What `takePlace` gave. */
  readonly place: Place;
  /** Holds the place; it is closed at the end, and when the start fails. */
  readonly closing: Closing;
  /** Ends the waiting for what is not reachable; the start then fails with its reason. */
  readonly signal: AbortSignal;
  readonly wrap?: Wrappers | undefined;
}

/** Services of Refit at work in this process. */
export interface RunningProcess {
  readonly runtime: Runtime;
  readonly httpPort: number;
  /** Undefined when none of the services answers gRPC. */
  readonly grpcPort: number | undefined;
  /** Lets calls and appends under way finish, gives leases back, closes everything in order. */
  stop(): Promise<void>;
}

/** So often the gRPC health service hears how the process is. */
const healthEveryMs = 2000;

/**
 * Starts services in this process: one, or all of them.
 *
 * @throws RefitError DATA_DIRECTORY_UNUSABLE, PORT_TAKEN, STORE_CORRUPT, STORE_UNAVAILABLE; the signal's reason
 */
export async function startProcess(services: readonly ServiceDefinition[], config: RefitConfig, options: ProcessOptions): Promise<RunningProcess> {
  const { closing } = options;
  try {
    return await start(services, config, options);
  } catch (error) {
    await closing.close().catch(() => {}); // the first error is the one that matters
    throw error;
  }
}

async function start(services: readonly ServiceDefinition[], config: RefitConfig, { place, closing, signal, wrap }: ProcessOptions): Promise<RunningProcess> {
  const { instanceName, logger, isFurther } = place;
  const health = new ProcessHealth({ services: services.map(({ name }) => name), ...(instanceName !== undefined && { instanceName }) });
  const waiting: Waiting = { logger, signal, onWaiting: (what, why) => health.waiting(what, why) };
  const http = await atPort(config.httpPort, isFurther, (port) => openHttp(config.host, port, () => health.report()));
  closing.add(() => http.close());
  const writes = new WriteWatch(logger);
  const runtime = await openRuntime(config, closing, place, waiting, { ...wrap, store: (store) => writes.over(wrap?.store?.(store) ?? store) });
  health.opened(runtime, writes);
  const grpc = new GrpcHost();
  await startServices(services, { runtime, grpc, http, closing, waiting });
  const relay = relayLog(runtime, closing);
  const grpcPort = grpc.isNeeded ? await atPort(config.grpcPort, isFurther, (port) => grpc.listen(config.host, port)) : undefined;
  closing.add(() => grpc.close());
  health.up(relay, grpcPort);
  tellGrpc(grpc, health, closing);
  watchEventLoop();
  const stop = () => {
    health.stopping();
    return closing.close();
  };
  return { runtime, httpPort: http.port, grpcPort, stop };
}

interface Opened {
  readonly runtime: Runtime;
  readonly grpc: GrpcHost;
  readonly http: HttpFront;
  readonly closing: Closing;
  readonly waiting: Waiting;
}

async function startServices(services: readonly ServiceDefinition[], { runtime, grpc, http, closing, waiting }: Opened): Promise<void> {
  let routes: RequestListener = noRoutes;
  for (const service of services) {
    const app = await whenReachable(busName(runtime.config), () => startService(service, runtime, grpc), waiting);
    closing.add(() => app.close());
    if (service.http) routes = app.getHttpAdapter().getInstance() as RequestListener; // express applications are listeners
  }
  http.serve(routes);
  closing.add(() => http.drain());
}

/** Call once the services subscribe: what is published before would be found by their scans only. */
function relayLog({ store, bus, instanceId, soleInstance, config, logger }: Runtime, closing: Closing): Relay {
  const relay = startRelay({ store, bus, instanceId, leaseTtlMs: config.leaseTtlMs, soleInstance, logger });
  closing.add(() => relay.stop());
  return relay;
}

function tellGrpc(grpc: GrpcHost, health: ProcessHealth, closing: Closing): void {
  if (!grpc.isNeeded) return;
  const timer = setInterval(() => void health.report().then(({ status }) => grpc.setServing(status === 'ok')), healthEveryMs);
  closing.add(() => clearInterval(timer));
}

/** Opens an address; with `anyPort` at another port when the one asked for is taken. */
async function atPort<T>(port: number, anyPort: boolean, open: (port: number) => Promise<T>): Promise<T> {
  try {
    return await open(port);
  } catch (error) {
    if (anyPort && isRefitError(error, 'PORT_TAKEN')) return open(0);
    throw error;
  }
}
