import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';

const root = resolve(import.meta.dirname, '../..');
/** Compiled code is kept between starts: they take half the time. */
const compileCache = join(root, 'node_modules/.cache/compiled');

/** The services that can be processes of their own, in the order in which they are started. */
export const serviceNames = ['registry', 'evaluation', 'training', 'validation', 'ingestion', 'trigger'] as const;
export type ServiceName = (typeof serviceNames)[number];

/** A line of a service's log. */
export interface LogLine {
  readonly level: number;
  readonly msg: string;
  readonly [field: string]: unknown;
}

/** A service as an operating system's process, compiled as users run it. */
export class ServiceProcess {
  readonly service: ServiceName;
  /** What it has logged, and what it has said on standard error. */
  readonly log: LogLine[] = [];
  readonly said: string[] = [];
  /** Resolves with its exit code; −1 when it was killed. */
  readonly ended: Promise<number>;
  readonly #child: ChildProcess;
  readonly #ready = Promise.withResolvers<Ready>();

  constructor(service: ServiceName, options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv }) {
    this.service = service;
    // The channel is for its end only: a service stops when whoever started it is gone.
    const env = { NODE_COMPILE_CACHE: compileCache, ...options.env };
    this.#child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', join(root, 'apps', service, 'dist', 'main.js')], { cwd: options.cwd, env, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
    const { stdout, stderr } = this.#child;
    if (stdout) createInterface({ input: stdout }).on('line', (line) => this.#hear(line));
    if (stderr) createInterface({ input: stderr }).on('line', (line) => this.said.push(line));
    this.ended = once(this.#child, 'exit').then(([code]) => (code as number | null) ?? -1); // as `exit` is documented
    void this.ended.then((code) => this.#ready.reject(new Error(`${service} ended with ${code}: ${this.said.join('\n')}`)));
    this.#ready.promise.catch(() => {}); // whoever waits hears of it
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Its name among the processes of the data directory, and its addresses, once it is up. @throws Error when it ends before */
  ready(): Promise<Ready> {
    return this.#ready.promise;
  }

  signal(signal: NodeJS.Signals): void {
    if (this.isRunning) process.kill(this.pid, signal);
  }

  #hear(text: string): void {
    const line = JSON.parse(text) as LogLine & { readonly instance: string; readonly ready?: Omit<Ready, 'name'> }; // as the service logs
    this.log.push(line);
    if (line.ready) this.#ready.resolve({ ...line.ready, name: line.instance });
  }
}

export interface Ready {
  /** `training-2` */
  readonly name: string;
  readonly http: string;
  /** host:port, where it answers gRPC. */
  readonly grpc?: string;
}
