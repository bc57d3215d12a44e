import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface, type Interface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const refit = fileURLToPath(new URL('../../../refit', import.meta.url));

/** What `GET /healthz` says of the event loop, in milliseconds. */
export interface EventLoopDelay {
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

/** A `refit up --json` of its own, as a user would start it. */
export class RefitProcess {
  readonly #child: ChildProcess;
  readonly #lines: Interface;
  readonly #exited: Promise<unknown>;
  /** From the spawn to the line that says it is ready, in milliseconds. */
  readonly readyMs: number;
  readonly grpc: string;
  readonly #http: string;

  /** Resolves when it is ready. */
  static async start(dataDirectory: string, { args = [], env = {} }: { args?: readonly string[]; env?: NodeJS.ProcessEnv } = {}): Promise<RefitProcess> {
    const started = performance.now();
    const child = spawn(refit, ['up', '--json', '--data-dir', dataDirectory, '--port', '0', '--grpc-port', '0', ...args], {
      stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, ...env },
    });
    const exited = once(child, 'exit');
    const killed = () => void child.kill('SIGKILL');
    process.once('exit', killed); // a bench that fails leaves nothing behind
    child.once('exit', () => process.off('exit', killed));
    const lines = createInterface({ input: child.stdout });
    const [line] = await Promise.race([once(lines, 'line'), exited.then(([code]) => Promise.reject(new Error(`refit up ended with ${code} before it was ready`)))]);
    return new RefitProcess(child, lines, exited, JSON.parse(line), performance.now() - started);
  }

  private constructor(child: ChildProcess, lines: Interface, exited: Promise<unknown>, { http, grpc }: { http: string; grpc: string }, readyMs: number) {
    this.#child = child;
    this.#lines = lines;
    this.#exited = exited;
    this.#http = http;
    this.grpc = grpc;
    this.readyMs = readyMs;
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Resolves when a remark with this text has been made. */
  async heard(text: string): Promise<void> {
    const heard = new Promise<void>((resolve) => {
      this.#lines.on('line', (line) => {
        if (String(JSON.parse(line).message).includes(text)) resolve();
      });
    });
    await Promise.race([heard, this.#exited.then(() => Promise.reject(new Error(`refit up ended before it said “${text}”`)))]);
  }

  async eventLoopDelay(): Promise<EventLoopDelay> {
    const answer = (await (await fetch(`${this.#http}/healthz`)).json()) as { eventLoopDelayMs: EventLoopDelay };
    return answer.eventLoopDelayMs;
  }

  async stop(): Promise<void> {
    this.#child.kill('SIGTERM');
    await this.#exited;
  }
}
