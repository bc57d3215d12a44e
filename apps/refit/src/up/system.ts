import { RefitError } from '@refit/contracts';
import { GrpcHost, startService, watchEventLoop, type RefitConfig, type Runtime } from '@refit/service';
import { Closing } from './closing.js';
import { embeddedRuntime, relayLog, type Wrappers } from './embedded-runtime.js';
import { openHttp } from './http-front.js';
import { services } from './services.js';

export interface RefitSystem {
  readonly runtime: Runtime;
  readonly httpPort: number;
  readonly grpcPort: number;
  /** Lets calls and appends under way finish, gives leases back, closes everything in order. */
  stop(): Promise<void>;
}

/**
 * All services in this process, on the data directory's event store.
 *
 * @throws RefitError DATA_DIRECTORY_UNUSABLE, PORT_TAKEN, ADDRESS_NOT_ALLOWED, STORE_CORRUPT, STORE_UNAVAILABLE
 */
export async function startSystem(config: RefitConfig, wrap: Wrappers = {}): Promise<RefitSystem> {
  requireLoopback(config.host);
  const closing = new Closing();
  try {
    const runtime = await embeddedRuntime(config, closing, wrap);
    const grpc = new GrpcHost();
    let httpPort = 0;
    for (const service of services) {
      const app = await startService(service, runtime, grpc);
      closing.add(() => app.close());
      if (service.name !== 'trigger') continue;
      const http = await openHttp(app, config.host, config.httpPort);
      closing.add(() => http.close());
      httpPort = http.port;
    }
    relayLog(runtime, closing);
    const grpcPort = await grpc.listen(config.host, config.grpcPort);
    closing.add(() => grpc.close());
    watchEventLoop();
    return { runtime, httpPort, grpcPort, stop: () => closing.close() };
  } catch (error) {
    await closing.close().catch(() => {}); // the first error is the one that matters
    throw error;
  }
}

function requireLoopback(host: string): void {
  if (['127.0.0.1', '::1', 'localhost'].includes(host)) return;
  throw new RefitError('ADDRESS_NOT_ALLOWED', `Refit listens on this machine only (127.0.0.1, ::1), since it asks nobody who they are; ${host} is refused`);
}
