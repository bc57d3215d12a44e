import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { v7 as uuid } from 'uuid';
import type { KafkaConfig } from '@refit/bus';
import { event, ReasonJudgedSchema, triggerStream } from '@refit/contracts';
import { openSqliteEventStore } from '@refit/event-store/sqlite';
import { toNewEvents } from '@refit/saga';
import type { Figure } from '../bench.ts';
import { kafkaConfig } from './kafka-config.ts';
import type { Backlog } from './relay-backlog.ts';

const events = 100_000;
const perAppend = 50;
const atOnce = 100;

export interface RelayFiguresOptions {
  readonly folder: string;
  readonly brokers: string;
  readonly client: KafkaConfig['client'];
}

/** How fast the relay, in a process of its own, publishes a log that nobody has published. */
export async function relayFigures({ folder, brokers, client }: RelayFiguresOptions): Promise<Figure[]> {
  const file = join(folder, 'events.sqlite');
  await writeBacklog(file);
  const ms = await relay({ file, events, kafka: kafkaConfig(brokers, client, `${client}-relay.`) });
  return [{ name: `${client}: relay, backlog of ${events.toLocaleString('en-US')}`, value: events / (ms / 1000), unit: 'events/s' }];
}

async function writeBacklog(file: string): Promise<void> {
  const store = await openSqliteEventStore({ file });
  const append = (number: number) => {
    const judged = Array.from({ length: perAppend }, () => event(ReasonJudgedSchema, { reason: { source: 'bench', id: uuid() }, runId: uuid() }));
    return store.append(triggerStream(`bench-${number}`), toNewEvents(judged, { correlationId: uuid(), causationId: uuid() }), 'no-stream');
  };
  for (let first = 0; first < events / perAppend; first += atOnce) {
    await Promise.all(Array.from({ length: Math.min(atOnce, events / perAppend - first) }, (_, i) => append(first + i)));
  }
  await store.close();
}

/** The milliseconds until all is published. */
async function relay(backlog: Backlog): Promise<number> {
  const child = fork(join(import.meta.dirname, 'relay-backlog.ts'), [JSON.stringify(backlog)], { execArgv: ['--disable-warning=ExperimentalWarning'], stdio: ['ignore', 2, 2, 'ipc'] });
  const ended = once(child, 'exit').then(([code]) => Promise.reject(new Error(`the relay's process ended with ${code}`)));
  ended.catch(() => {}); // after its answer it ends
  const [{ ms }] = (await Promise.race([once(child, 'message'), ended])) as [{ ms: number }]; // as the process answers
  return ms;
}
