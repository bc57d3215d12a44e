import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { environment, root } from '../platform.mjs';
import { logLine, prefix, say, shown } from './words.mjs';

const firstPauseMs = 1000;
const longestPauseMs = 30_000;
/** Who ran for so long was well: the next pause is a short one again. */
const wellAfterMs = 60_000;
/** What it waits for while it starts is worth a word only after that. */
const patienceMs = 10_000;

/** A service's process, started again when it dies. */
export class SupervisedService {
  /** Its addresses, once it is up. */
  ready;
  /** Rejects when it cannot be started again. */
  failed;
  #options;
  #name;
  #child;
  #startedAt = 0;
  #stopping = false;
  #pauseMs = firstPauseMs;
  #restart;
  #fail;

  constructor(service, options) {
    this.service = service;
    this.#name = service;
    this.#options = options;
    ({ promise: this.failed, reject: this.#fail } = Promise.withResolvers());
    this.failed.catch(() => {}); // it is asked for only once all are up
  }

  /** Resolves when it is up. @throws Error when it ends before */
  start() {
    const { settings, env } = this.#options;
    const { promise, resolve, reject } = Promise.withResolvers();
    const flags = ['--disable-warning=ExperimentalWarning', '--max-semi-space-size=16', join(root, 'apps', this.service, 'dist', 'main.js')];
    // A process group of its own: Ctrl+C is for this process, which stops the services. They stop too when the channel to it is gone.
    const child = spawn(process.execPath, [...flags, ...settings], { env: { NODE_COMPILE_CACHE: join(root, 'node_modules', '.cache', 'compiled'), ...environment(), ...env }, stdio: ['ignore', 'pipe', 'pipe', 'ipc'], detached: true });
    const startedAt = (this.#startedAt = performance.now());
    const lastWords = [];
    this.#child = child;
    createInterface({ input: child.stdout }).on('line', (line) => this.#hear(line, resolve));
    createInterface({ input: child.stderr }).on('line', (line) => {
      lastWords.push(line);
      if (this.ready || !line.startsWith('error ')) this.#tell(shown(line));
    });
    child.once('error', reject);
    child.once('close', (code, signal) => this.#ended({ code, signal, lastWords, reject, ran: performance.now() - startedAt }));
    return promise;
  }

  /** Resolves when it has given back what it was working on. */
  async stop() {
    this.#stopping = true;
    clearTimeout(this.#restart);
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('close', resolve));
    child.kill('SIGCONT');
    child.kill('SIGTERM');
    await ended;
  }

  #ended({ code, signal, lastWords, reject, ran }) {
    if (this.#stopping) return reject(new Error('stopped'));
    const how = signal ? `was ended by ${signal}` : `ended with exit code ${code}`;
    if (!this.ready) return reject(startError(this.service, how, lastWords));
    if (code === 64) return this.#fail(startError(this.service, how, lastWords));
    if (ran > wellAfterMs) this.#pauseMs = firstPauseMs;
    this.#tell(`${how}; it is started again in ${this.#pauseMs / 1000} s`);
    this.#restart = setTimeout(() => this.start().catch(() => {}), this.#pauseMs); // its end is told and followed by another start
    this.#pauseMs = Math.min(this.#pauseMs * 2, longestPauseMs);
  }

  #hear(text, resolve) {
    let line;
    try {
      line = JSON.parse(text);
    } catch {
      return this.#tell(shown(text));
    }
    this.#name = line.instance ?? this.#name;
    // A broker that was started a moment ago lets nobody in at first.
    const isGettingReady = !this.ready && line.level === 40 && performance.now() - this.#startedAt < patienceMs;
    if (line.ready) {
      this.ready = line.ready;
      resolve();
    }
    const told = logLine(line, this.#options.verbose);
    if (told !== undefined && (!isGettingReady || this.#options.verbose)) this.#tell(told);
  }

  #tell(line) {
    say(`${prefix(this.#name)} ${line}`);
  }
}

/** What the service said of why it cannot start. */
function startError(service, how, lastWords) {
  const said = lastWords.filter((line) => !line.startsWith('warning:'));
  const [, code, message] = /^error (\w+): (.*)$/s.exec(said.join('\n')) ?? [];
  return Object.assign(new Error(message === undefined ? `${service} ${how}${said.length > 0 ? `:\n${said.join('\n')}` : ''}` : `${service}: ${inItsWords(service, message)}`), { code });
}

/** A flag that means one service alone means another one for each of several. */
const inItsWords = (service, message) => message.replace(/--(grpc-)?port\b/, (_flag, grpc) => `--services-${service}-${grpc ? 'grpc' : 'http'}-port`);
