import { isRefitError } from '@refit/contracts';
import { loadConfig } from '../config/load-config.js';
import { serviceNames } from '../config/service-name.js';
import type { RefitConfig } from '../runtime.js';
import type { ServiceDefinition } from '../start-service.js';
import { Closing } from './closing.js';
import type { ProcessLog } from './process-log.js';
import { startProcess, type RunningProcess } from './start-process.js';
import { stopSignal } from './stop-signal.js';
import { takePlace } from './take-place.js';

/**
 * A service as a process of its own, until SIGTERM or Ctrl+C: gives its leases back, leaves the bus, and ends with exit
 * code 0. Its log goes to standard output as lines of JSON; the one with `ready` tells its addresses. What it cannot start
 * with is said on standard error in a line, with exit code 1, or 64 where its configuration is wrong.
 */
export async function runService(definition: ServiceDefinition): Promise<never> {
  const { signal, stopped } = stopSignal();
  const closing = new Closing();
  try {
    const config = configOf(definition);
    const place = takePlace(config, closing, definition.name);
    endOnFaults(place.log);
    const running = await startProcess([definition], config, { place, closing, signal });
    place.logger.info({ service: definition.name, ready: addresses(running) }, readyLine(running));
    await stopped;
    place.logger.info({ service: definition.name }, 'stopping');
    await running.stop();
    place.logger.info({ service: definition.name }, 'stopped');
    place.log.flush();
    process.exit(0);
  } catch (error) {
    process.exit(signal.aborted && error === signal.reason ? 0 : refuse(error));
  }
}

function configOf({ name }: ServiceDefinition): RefitConfig {
  const service = serviceNames.find((known) => known === name);
  return loadConfig({ argv: process.argv.slice(2), env: process.env, cwd: process.cwd(), ...(service && { service }) });
}

/** A fault that nobody caught leaves unknown state behind: the process says so and ends, and its leases pass to others. */
function endOnFaults({ logger, flush }: ProcessLog): void {
  for (const kind of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(kind, (error: unknown) => {
      logger.fatal({ err: error }, 'a fault that nobody caught ends this process');
      flush();
      process.exit(1);
    });
  }
}

function refuse(error: unknown): number {
  if (!isRefitError(error)) {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    return 1;
  }
  const details = error.details.map(({ file, line, message }) => `\n  ${file === undefined ? '' : `${file}:${line}: `}${message}`);
  process.stderr.write(`error ${error.code}: ${error.message}${details.join('')}\n`);
  return error.code === 'CONFIG_INVALID' ? 64 : 1;
}

function addresses({ runtime, httpPort, grpcPort }: RunningProcess) {
  const { host } = runtime.config;
  const name = host.includes(':') ? `[${host}]` : host;
  return { http: `http://${name}:${httpPort}`, ...(grpcPort !== undefined && { grpc: `${name}:${grpcPort}` }), pid: process.pid };
}

function readyLine(running: RunningProcess): string {
  const { http, grpc } = addresses(running);
  return `ready: ${http}/healthz${grpc === undefined ? '' : `, gRPC ${grpc}`}`;
}
