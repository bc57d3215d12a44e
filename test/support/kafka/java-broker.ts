import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { Broker, BrokerOptions } from './broker.ts';
import { brokerSettings } from './broker-settings.ts';
import { freePort } from './free-port.ts';
import { preparedClasses, settingsText, smallJvm, type KafkaJars } from './kafka-jars.ts';
import { untilItAnswers } from './until-it-answers.ts';

export async function startJavaBroker(jars: KafkaJars, { folder, port, settings = {} }: BrokerOptions): Promise<Broker> {
  const home = folder ?? (await mkdtemp(join(tmpdir(), 'refit-kafka-')));
  const data = join(home, 'data');
  await mkdir(home, { recursive: true });
  if (!existsSync(data)) await cp(jars.formatted, data, { recursive: true });
  const address = { host: '127.0.0.1', port: port ?? (await freePort()), controllerPort: await freePort() };
  const file = join(home, 'server.properties');
  await writeFile(file, settingsText({ ...brokerSettings(address), 'log.dirs': data, ...settings }));
  const broker = new JavaBroker(jars, home, file, address.port, folder === undefined);
  await broker.restart();
  return broker;
}

/**
 * A shell that prints the broker's process id, ends with it, and ends it when this process is gone, however that went:
 * the shell's standard input ends then.
 */
const watchedStart = 'exec 3<&0; "$@" </dev/null >&2 3<&- & p=$!; echo $p; { cat <&3; kill -9 $p; } >/dev/null 2>&1 & wait $p';

class JavaBroker implements Broker {
  readonly brokers: string;
  readonly about: string;
  readonly #jars: KafkaJars;
  readonly #home: string;
  readonly #settings: string;
  readonly #port: number;
  readonly #temporary: boolean;
  #running: { readonly shell: ChildProcess; readonly pid: number; readonly ended: Promise<unknown> } | undefined;

  constructor(jars: KafkaJars, home: string, settings: string, port: number, temporary: boolean) {
    this.#jars = jars;
    this.#home = home;
    this.#settings = settings;
    this.#port = port;
    this.#temporary = temporary;
    this.brokers = `127.0.0.1:${port}`;
    this.about = `Apache Kafka ${jars.version} (Java)`;
  }

  get pid(): number | undefined {
    return this.#running?.pid;
  }

  async restart(): Promise<void> {
    await this.kill();
    const log = openSync(join(this.#home, 'broker.log'), 'a');
    const java = ['java', ...smallJvm('256m'), ...this.#classFlags(), '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn', '-cp', this.#jars.classPath, 'kafka.Kafka', this.#settings];
    const shell = spawn('sh', ['-c', watchedStart, 'sh', ...java], { stdio: ['pipe', 'pipe', log] });
    closeSync(log);
    const ended = once(shell, 'exit').then(() => (this.#running = undefined));
    this.#running = { shell, pid: await firstNumber(shell.stdout), ended };
    await untilItAnswers(this.#port, async () => (this.#running === undefined ? `the broker ended: ${await this.#lastWords()}` : undefined));
  }

  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  async stop(): Promise<void> {
    await this.#end('SIGTERM');
    await rename(this.#preparing, this.#jars.classArchive).catch(() => undefined); // there only after the first broker of all
    if (this.#temporary) await rm(this.#home, { recursive: true, force: true });
  }

  async stall(): Promise<void> {
    this.#signal('SIGSTOP');
  }

  async resume(): Promise<void> {
    this.#signal('SIGCONT');
  }

  get #preparing(): string {
    return `${this.#jars.classArchive}-${process.pid}-${this.#port}`;
  }

  #classFlags(): readonly string[] {
    const prepared = preparedClasses(this.#jars);
    return prepared.length > 0 ? prepared : [`-XX:ArchiveClassesAtExit=${this.#preparing}`];
  }

  #signal(signal: NodeJS.Signals) {
    if (this.#running !== undefined) process.kill(this.#running.pid, signal);
  }

  /** A broker that is told to stop ends within seconds, or at once. */
  async #end(signal: 'SIGTERM' | 'SIGKILL') {
    const running = this.#running;
    if (running === undefined) return;
    this.#signal('SIGCONT');
    this.#signal(signal);
    const impatience = setTimeout(() => this.#signal('SIGKILL'), 20_000);
    await running.ended;
    clearTimeout(impatience);
    running.shell.stdin?.end();
  }

  async #lastWords() {
    const log = await readFile(join(this.#home, 'broker.log'), 'utf8');
    return log.split('\n').filter((line) => /error|exception|fatal/i.test(line)).slice(-3).join(' | ') || 'its log says nothing';
  }
}

async function firstNumber(stream: Readable | null): Promise<number> {
  for await (const chunk of stream ?? []) return Number(chunk);
  throw new Error('the broker was not started: is there a shell?');
}
