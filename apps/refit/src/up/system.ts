import { Closing, startProcess, takePlace, type RefitConfig, type RunningProcess, type Wrappers } from '@refit/service';
import { services } from './services.js';

export interface RefitSystem extends RunningProcess {
  readonly grpcPort: number;
}

/**
 * All services in this process, which has the data directory for itself. What is on another machine is waited for, until
 * the signal.
 *
 * @throws RefitError DATA_DIRECTORY_UNUSABLE, PORT_TAKEN, ADDRESS_NOT_ALLOWED, STORE_CORRUPT, STORE_UNAVAILABLE; the signal's reason
 */
export async function startSystem(config: RefitConfig, { signal = new AbortController().signal, ...wrap }: Wrappers & { readonly signal?: AbortSignal } = {}): Promise<RefitSystem> {
  const closing = new Closing();
  const place = takePlace(config, closing);
  const running = await startProcess(services, config, { place, closing, signal, wrap });
  return { ...running, grpcPort: running.grpcPort ?? 0 };
}
