import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import type { KafkaConfig } from '@refit/bus';
import { loadClient, type EncodedMessage } from '@refit/bus/kafka';
import { kafkaConfig } from './kafka-config.ts';
import { machineNow } from './marks.ts';

const partitions = 6;

export interface BareClientOptions {
  readonly brokers: string;
  readonly client: KafkaConfig['client'];
  readonly topic: string;
  /** Each goes with a key of its own. */
  readonly message: Pick<EncodedMessage, 'headers' | 'value'>;
  /** Processes that each get every message, in a group of its own. */
  readonly listeners: number;
  /** Between a message and the next, in milliseconds. */
  readonly pauseMs: number;
}

/** What the client takes for a message by itself, from one process to another: in milliseconds. */
export interface BareClient {
  /** To each of the listeners in turn. */
  trips(count: number): Promise<number[]>;
  stop(): Promise<void>;
}

/** A topic and groups of its own, with the same settings, acknowledgements and messages as Refit has. */
export async function bareClient({ brokers, client, topic, message, listeners: count, pauseMs }: BareClientOptions): Promise<BareClient> {
  const library = await loadClient(kafkaConfig(brokers, client, ''), 'refit-bench', pino({ level: 'silent' }));
  await library.createTopics([{ name: topic, partitions, replicationFactor: 1 }]);
  const listeners = await Promise.all(Array.from({ length: count }, (_, i) => startListener(brokers, client, topic, `${topic}.group-${i}`)));
  const { headers, value } = message;
  let number = 0;
  return {
    async trips(wanted) {
      const produced: number[] = [];
      const first = number;
      for (let i = 0; i < wanted; i++) {
        produced.push(machineNow());
        await library.produce([{ topic, key: String(number++), headers, value }]);
        await sleep(pauseMs);
      }
      await sleep(50);
      const heard = await Promise.all(listeners.map(async (listener) => new Map(await listener.heard())));
      return produced.map((at, i) => (heard[i % count]?.get(String(first + i)) ?? NaN) - at);
    },
    async stop() {
      await Promise.all(listeners.map((listener) => listener.stop()));
      await library.close();
    },
  };
}

async function startListener(...argv: string[]) {
  const child: ChildProcess = fork(join(import.meta.dirname, 'bare-listener.ts'), argv, { execArgv: ['--disable-warning=ExperimentalWarning'], stdio: ['ignore', 2, 2, 'ipc'] });
  await once(child, 'message');
  return {
    async heard() {
      child.send('heard');
      const [heard] = (await once(child, 'message')) as [readonly (readonly [string, number])[]]; // as the listener answers
      return heard;
    },
    async stop() {
      child.send('stop');
      await once(child, 'exit');
    },
  };
}
