import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { KafkaConfig } from '@refit/bus';

/** A process of its own that is a member of a group. */
export class MemberProcess {
  /** `stream revision` of each message it got. */
  readonly received: string[] = [];
  readonly #child: ChildProcess;
  #complaints = '';
  readonly ready: Promise<void>;

  constructor(config: KafkaConfig, group: string, type: string) {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'member.mjs'), JSON.stringify(config), group, type], { stdio: ['ignore', 'pipe', 'pipe'] });
    child.stderr.on('data', (chunk: Buffer) => (this.#complaints += chunk.toString()));
    this.#child = child;
    this.ready = new Promise((resolve, reject) => {
      createInterface(child.stdout).on('line', (line) => (line === 'ready' ? resolve() : this.received.push(line)));
      child.once('exit', (code, signal) => reject(new Error(`the member ended with ${signal ?? code}`)));
    });
  }

  /** What it wrote to standard error: its own log is silent. */
  get complaints(): string {
    return this.#complaints;
  }

  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.kill(signal);
    await once(this.#child, 'exit');
  }

  stall(): void {
    this.#child.kill('SIGSTOP');
  }

  resume(): void {
    this.#child.kill('SIGCONT');
  }
}
