/** The relay alone in a process, with a backlog to publish: tells its parent the milliseconds that it took. */
import { setTimeout as sleep } from 'node:timers/promises';
import { destination, pino } from 'pino';
import { startRelay, type KafkaConfig } from '@refit/bus';
import { openKafka } from '@refit/bus/kafka';
import { openSqliteEventStore } from '@refit/event-store/sqlite';

export interface Backlog {
  readonly file: string;
  readonly events: number;
  readonly kafka: KafkaConfig;
}

const { file, events, kafka } = JSON.parse(process.argv[2] ?? '{}') as Backlog; // as the bench says
const logger = pino({ level: 'warn' }, destination(2));
const store = await openSqliteEventStore({ file });
const opened = await openKafka({ config: kafka, clientId: 'refit-bench-relay', logger });
while (!opened.bus.health().ok) await sleep(20);
const began = performance.now();
const relay = startRelay({ store, bus: opened.bus, instanceId: 'bench', leaseTtlMs: 10_000, logger });
while (relay.stats().published < events) await sleep(5);
const ms = performance.now() - began;
await relay.stop();
await opened.close();
await store.close();
process.send?.({ ms }, () => process.exit(0));
