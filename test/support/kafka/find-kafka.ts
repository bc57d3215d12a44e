import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { kafkaJars, type KafkaJars } from './kafka-jars.ts';

const run = promisify(execFile);

/** Where a Kafka broker can come from. */
export type KafkaSource =
  | { readonly kind: 'given'; readonly brokers: string }
  | { readonly kind: 'docker' }
  | { readonly kind: 'java'; readonly jars: KafkaJars }
  | { readonly kind: 'none'; readonly why: string };

/** Looked for in this order: `KAFKA_BROKERS`, a Docker engine that answers, Java with Maven. */
export async function findKafka(): Promise<KafkaSource> {
  const brokers = process.env['KAFKA_BROKERS'];
  if (brokers !== undefined && brokers !== '') return { kind: 'given', brokers };
  if (await answers('docker', ['info', '--format', '{{.ServerVersion}}'])) return { kind: 'docker' };
  const jars = await findJars();
  if (typeof jars !== 'string') return { kind: 'java', jars };
  return { kind: 'none', why: `KAFKA_BROKERS is not set, no Docker engine answers, and ${jars}` };
}

/** Kafka's own programs, or why they cannot be had. */
export async function findJars(): Promise<KafkaJars | string> {
  const trouble = await troubleWithJava();
  if (trouble !== undefined) return trouble;
  return kafkaJars().catch((error: unknown) => `Maven could not fetch Kafka's jars: ${whatMavenSays(error)}`);
}

const leastJava = 17;

async function troubleWithJava(): Promise<string | undefined> {
  const about = await outputOf('java', ['-version']);
  if (about === undefined) return 'there is no Java';
  const version = /version "(\d+)/.exec(about)?.[1] ?? 'of an unknown version';
  if (!(Number(version) >= leastJava)) return `Java is ${version}, Kafka needs ${leastJava}`;
  return (await answers('mvn', ['-v'])) ? undefined : 'there is no Maven';
}

const answers = async (command: string, args: readonly string[]) => (await outputOf(command, args)) !== undefined;

const outputOf = (command: string, args: readonly string[]): Promise<string | undefined> =>
  run(command, [...args], { timeout: 15_000 }).then(({ stdout, stderr }) => stdout + stderr, () => undefined);

const whatMavenSays = (error: unknown) => String(error).split('\n').find((line) => line.includes('ERROR'))?.slice(0, 300) ?? String(error).slice(0, 300);
