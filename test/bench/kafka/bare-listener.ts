/** A process with the bare client: a member of a group of its own, which takes down when each message came. */
import { pino } from 'pino';
import type { KafkaConfig } from '@refit/bus';
import { loadClient } from '@refit/bus/kafka';
import { kafkaConfig } from './kafka-config.ts';
import { machineNow } from './marks.ts';

const [brokers = '', client = '', topic = '', group = ''] = process.argv.slice(2);
const library = await loadClient(kafkaConfig(brokers, client as KafkaConfig['client'], ''), group, pino({ level: 'silent' })); // as its parent has it
let heard: (readonly [key: string, at: number])[] = [];
const consumer = await library.consume({
  group, topics: [topic], begin: 'end',
  assigned() {},
  rebalancing() {},
  async deliver(_partition, records) {
    for (const { key } of records) heard.push([String(key), machineNow()]);
  },
});

process.on('message', (order: 'heard' | 'stop') => {
  if (order === 'heard') process.send?.(heard, () => (heard = []));
  else void consumer.close().then(() => library.close()).then(() => process.exit(0));
});
process.on('disconnect', () => process.exit(1));
process.send?.('ready');
