import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { describe, inject } from 'vitest';
import { startBroker, type Broker, type BrokerOptions } from './broker.ts';
import { consoleTool, type ConsoleTool } from './console-tool.ts';

/** `concurrent`: its tests, which mostly wait, run beside each other and beside those of other such suites of the file. */
interface SuiteOptions {
  readonly concurrent?: boolean;
}

/** Specs that need Kafka. Where there is none they are skipped, and their names say why. */
export function describeKafka(name: string, specs: (kafka: { readonly brokers: string }) => void, options: SuiteOptions = {}): void {
  const { brokers, source } = inject('kafka');
  describeIf(brokers === undefined && source.kind === 'none' ? source.why : undefined, name, () => specs({ brokers: brokers ?? '' }), options);
}

/** Specs that start brokers of their own, to kill them. */
export function describeOwnKafka(name: string, specs: (start: (options?: BrokerOptions) => Promise<Broker>) => void, suite: SuiteOptions = {}): void {
  const { source } = inject('kafka');
  const why = source.kind === 'none' ? source.why : source.kind === 'given' ? 'the broker of KAFKA_BROKERS is not ours to kill' : undefined;
  describeIf(why, name, () => specs((options) => startBroker(options, source)), suite);
}

/** Specs that use the console tools that come with Kafka. */
export function describeConsoleTools(name: string, specs: (kafka: { readonly brokers: string }, run: (tool: ConsoleTool, args: readonly string[], input?: string) => Promise<string>) => void, options: SuiteOptions = {}): void {
  const { brokers = '', jars, source } = inject('kafka');
  const why = source.kind === 'none' ? source.why : jars === undefined ? 'the console tools of Kafka need Java and Maven' : undefined;
  describeIf(why, name, () =>
    specs({ brokers }, async (tool, args, input) => {
      if (jars === undefined) throw new Error('unreachable: skipped without jars');
      return consoleTool(jars, brokers, tool, args, input);
    }), options);
}

/** Specs that use kcat, a client that is built on librdkafka. */
export function describeKcat(name: string, specs: (kafka: { readonly brokers: string }, kcat: (args: readonly string[], input?: string | Uint8Array) => string) => void, options: SuiteOptions = {}): void {
  const { brokers = '', source } = inject('kafka');
  const why = source.kind === 'none' ? source.why : hasKcat() ? undefined : 'there is no kcat';
  const kcat = (args: readonly string[], input: string | Uint8Array = '') => execFileSync('kcat', ['-b', brokers, ...args], { input, encoding: 'utf8', timeout: 30_000 });
  describeIf(why, name, () => specs({ brokers }, kcat), options);
}

/** So that specs, and runs of them, do not meet on a broker. */
export const freshPrefix = (): string => `spec-${randomUUID().slice(0, 8)}.`;

function describeIf(why: string | undefined, name: string, specs: () => void, { concurrent = false }: SuiteOptions) {
  describe(`${name}${why === undefined ? '' : ` (skipped: ${why})`}`, { skip: why !== undefined, concurrent }, () => {
    specs();
  });
}

function hasKcat(): boolean {
  try {
    execFileSync('kcat', ['-V'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
