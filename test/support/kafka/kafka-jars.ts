import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);
const pom = join(import.meta.dirname, 'pom.xml');
const cache = resolve(import.meta.dirname, '../../../node_modules/.cache/refit');

/** Flags that make a short-lived JVM start soon and stay small. */
export const smallJvm = (heap: string) => [`-Xmx${heap}`, '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];

/** For a JVM that runs Kafka's classes. */
export const preparedClasses = ({ classArchive }: KafkaJars): readonly string[] => (existsSync(classArchive) ? [`-XX:SharedArchiveFile=${classArchive}`] : []);

export interface KafkaJars {
  readonly version: string;
  readonly classPath: string;
  /** What a data folder of a new broker holds. */
  readonly formatted: string;
  /** Kafka's classes as the JVM has once prepared them, which halves the work of a start; there after the first broker. */
  readonly classArchive: string;
}

/**
 * The jars that `pom.xml` names, from a folder below `node_modules`; fetched by Maven the first time, by one process
 * while others wait.
 */
export async function kafkaJars(): Promise<KafkaJars> {
  const text = await readFile(pom);
  const folder = join(cache, `kafka-${createHash('sha256').update(text).digest('hex').slice(0, 12)}`);
  const jars = {
    version: /<kafka\.version>([^<]+)</.exec(text.toString())?.[1] ?? 'unknown',
    classPath: join(folder, 'libs', '*'),
    formatted: join(folder, 'formatted'),
    classArchive: join(folder, 'classes.jsa'),
  };
  if (existsSync(folder)) return jars;
  await mkdir(cache, { recursive: true });
  await alone(`${folder}.lock`, async () => {
    if (!existsSync(folder)) await fetchInto(folder);
  });
  return jars;
}

/** All at once at the end: a folder that is there is complete. */
async function fetchInto(folder: string) {
  console.error('Fetching the jars of Apache Kafka (Maven)…');
  const making = await mkdtemp(`${folder}-`);
  try {
    await run('mvn', ['-q', '-B', '-f', pom, 'dependency:copy-dependencies', '-DincludeScope=runtime', `-DoutputDirectory=${join(making, 'libs')}`], { timeout: 600_000 });
    await format(join(making, 'libs', '*'), join(making, 'formatted'));
    await rename(making, folder);
  } finally {
    await rm(making, { recursive: true, force: true });
  }
}

/** Brokers are formatted alike, so once is enough. */
async function format(classPath: string, folder: string) {
  const scratch = await mkdtemp(join(tmpdir(), 'refit-kafka-format-'));
  try {
    const file = join(scratch, 'server.properties');
    await writeFile(file, settingsText({ 'process.roles': 'broker,controller', 'node.id': '1', 'controller.quorum.voters': '1@127.0.0.1:9093', 'controller.listener.names': 'CONTROLLER', listeners: 'PLAINTEXT://127.0.0.1:9092,CONTROLLER://127.0.0.1:9093', 'log.dirs': folder }));
    await run('java', [...smallJvm('128m'), '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn', '-cp', classPath, 'kafka.tools.StorageTool', 'format', '--config', file, '--cluster-id', 'cmVmaXQtZm9yLXRlc3RzMQ']);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

export const settingsText = (settings: Readonly<Record<string, string>>): string =>
  Object.entries(settings).map(([name, value]) => `${name}=${value}\n`).join('');

/** Whoever held the lock and died has left it: its process id tells. */
async function alone(lock: string, work: () => Promise<void>) {
  for (;;) {
    try {
      await writeFile(lock, String(process.pid), { flag: 'wx' });
      break;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
      const owner = Number(await readFile(lock, 'utf8').catch(() => ''));
      if (owner > 0 && !isAlive(owner)) await rm(lock, { force: true });
      else await pause(200);
    }
  }
  try {
    await work();
  } finally {
    await rm(lock, { force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
