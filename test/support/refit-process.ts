import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import pc from 'picocolors';
import { runProgram } from '../../apps/refit/src/cli/program.ts';

const command = join(resolve(import.meta.dirname, '../..'), 'refit');
const surroundings = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('REFIT_') && name !== 'FORCE_COLOR'));
const plain = { ...surroundings, NO_COLOR: '1' };

/** What a user who types `./refit …` sees of it. */
export interface CommandResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `./refit` to its end. One that does not end by itself is killed, and its exit code is −1. */
export function refit(args: readonly string[], { cwd, server = '', env = {} }: { readonly cwd?: string; readonly server?: string; readonly env?: NodeJS.ProcessEnv } = {}): Promise<CommandResult> {
  return new Promise((done) => {
    const options = { cwd, env: { ...plain, ...(server && { REFIT_SERVER: server }), ...env }, timeout: 45_000, killSignal: 'SIGKILL' as const };
    const child = execFile(command, [...args], options, (_error, stdout, stderr) => done({ exitCode: child.exitCode ?? -1, stdout, stderr }));
  });
}

/** `./refit up` in a process of its own. */
export class RefitProcess {
  readonly http: string;
  /** host:port, for `--server`. */
  readonly grpc: string;
  readonly #process: ChildProcess;
  readonly #folder: string;

  private constructor(process: ChildProcess, folder: string, addresses: { readonly http: string; readonly grpc: string }) {
    ({ http: this.http, grpc: this.grpc } = addresses);
    this.#process = process;
    this.#folder = folder;
  }

  /** In a folder, under which data may lie; state goes to its `state`. Resolves once it is ready. */
  static async start(folder: string): Promise<RefitProcess> {
    const child = spawn(command, ['up', '--json', '--data-dir', join(folder, 'state'), '--port', '0', '--grpc-port', '0'], { cwd: folder, env: plain, stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = (await Promise.race([once(createInterface({ input: child.stdout }), 'line'), once(child, 'exit')])) as [unknown];
    const said = JSON.parse(String(line)) as { readonly http: string; readonly grpc: string }; // its contract
    if (!said.http) throw new Error(`refit did not start: ${String(line)}`);
    return new RefitProcess(child, folder, said);
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  /**
   * A command to this server, run by the command line's own program inside this process: a process each would cost most
   * of a second.
   */
  async run(...args: readonly string[]): Promise<CommandResult> {
    let [stdout, stderr] = ['', ''];
    const exitCode = await runProgram([...args, '--server', this.grpc], {
      style: pc.createColors(false), interactive: false, columns: 100, now: () => Date.now(), onInterrupt: () => () => {},
      ask: () => Promise.reject(new Error('nobody is there to be asked')),
      print: (text) => void (stdout += `${text}\n`), draw: (text) => void (stdout += text), printError: (text) => void (stderr += `${text}\n`),
        writeBytes: (bytes) => void (stdout += Buffer.from(bytes).toString('latin1')),
    });
    return { exitCode, stdout, stderr };
  }

  /** The same in a process of its own, in the server's folder. */
  command(...args: readonly string[]): Promise<CommandResult> {
    return refit(args, { cwd: this.#folder, server: this.grpc });
  }

  /** What a command prints with `--json`. */
  async json<T>(...args: readonly string[]): Promise<T> {
    const { stdout } = await this.run(...args, '--json');
    return JSON.parse(stdout) as T; // as the test knows the command
  }

  async post(body: string | Uint8Array, headers: Readonly<Record<string, string>> = { 'content-type': 'application/cloudevents+json' }): Promise<{ readonly status: number; readonly body: Answer }> {
    const response = await fetch(`${this.http}/events`, { method: 'POST', headers, body: body as BodyInit });
    return { status: response.status, body: (await response.json()) as Answer };
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode !== null) return;
    const exit = once(this.#process, 'exit');
    this.#process.kill('SIGTERM');
    await exit;
  }
}

interface Answer {
  readonly code?: string;
  readonly message?: string;
  readonly letterId?: string;
  readonly verdicts?: readonly { readonly verdict: string; readonly why: string }[];
}
