import pc from 'picocolors';
import type { RefitConfig } from '@refit/service';
import { playExample } from '../examples/play-example.js';
import { narrate } from '../story/narrator.js';
import { startSystem, type RefitSystem } from './system.js';

export interface UpOptions {
  readonly config: RefitConfig;
  /** To be played. */
  readonly example?: string;
  readonly json?: boolean;
}

/**
 * `refit up`: all services in this process, until Ctrl+C. Resolves once everything is closed. With `json`, each line that
 * it prints is a JSON object: first where it listens, then {message} for each remark, the last one when it has stopped.
 */
export async function up(options: UpOptions): Promise<void> {
  const print = (line: string) => void process.stdout.write(`${line}\n`);
  const stopping = stopSignal();
  const system = await startSystem(options.config, { signal: stopping });
  const readyInMs = Math.round(performance.now()); // since the process began
  if (options.json) print(JSON.stringify({ ...addresses(system), readyInMs }));
  else banner(system, readyInMs).forEach(print);
  const tell = (message: string, line = message) => print(options.json ? JSON.stringify({ message }) : line);
  const narrating = options.json ? Promise.resolve() : narrate(system.runtime.store, print, stopping);
  try {
    if (options.example !== undefined) {
      await playExample(options.example, { store: system.runtime.store, ...addresses(system) }, (remark) => tell(remark, `— ${remark}`), stopping);
      if (!options.json) nextSteps().forEach(print);
    }
    await aborted(stopping);
  } catch (error) {
    if (!stopping.aborted) throw error;
  } finally {
    await narrating.catch(() => {}); // ends with the signal
    await system.stop();
  }
  tell('stopped; everything is kept, `./refit up` goes on from here');
}

function addresses({ runtime, httpPort, grpcPort }: RefitSystem) {
  const { host, dataDirectory } = runtime.config;
  const name = host.includes(':') ? `[${host}]` : host;
  return { http: `http://${name}:${httpPort}`, grpc: `${name}:${grpcPort}`, dataDirectory };
}

function banner(system: RefitSystem, readyInMs: number): string[] {
  const { http, grpc, dataDirectory } = addresses(system);
  const row = (name: string, value: string) => `  ${pc.dim(name.padEnd(8))} ${value}`;
  return [
    `${pc.bold('Refit')} is up ${pc.dim(`(${(readyInMs / 1000).toFixed(1)} s)`)}`,
    row('HTTP', `${http}/events  (CloudEvents in)`),
    row('gRPC', `${grpc}  (admin, registry, validation; with reflection and health)`),
    row('state', dataDirectory),
    '',
  ];
}

function nextSteps(): string[] {
  const row = (command: string, what: string) => `  ${pc.cyan(command.padEnd(26))} ${pc.dim(what)}`;
  return [
    '',
    'Refit stays up. In a second terminal:',
    row('./refit runs', 'every run and how it ended'),
    row('./refit models', 'the champion and the versions before it'),
    row('./refit events --follow', 'the log itself'),
    pc.dim('Ctrl+C stops it; nothing is lost.'),
  ];
}

/** Aborted by the first Ctrl+C or SIGTERM; a second one ends the process at once. */
function stopSignal(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (controller.signal.aborted) process.exit(130);
      controller.abort();
    });
  }
  return controller.signal;
}

const aborted = (signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    const keepAlive = setInterval(() => {}, 60_000);
    const end = () => {
      clearInterval(keepAlive);
      resolve();
    };
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
  });
