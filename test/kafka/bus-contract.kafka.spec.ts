import pino from 'pino';
import type { Bus } from '@refit/bus';
import { busContract } from '@refit/bus/contract';
import { openKafka } from '@refit/bus/kafka';
import { describeKafka, freshPrefix } from '../support/kafka/describe-kafka.ts';
import { clients } from './kafka-clients.ts';

const logger = pino({ level: process.env['DEBUG_KAFKA'] ?? 'silent' });

for (const client of clients) {
  describeKafka(`Kafka by ${client}`, ({ brokers }) => {
    busContract(`the bus on Kafka by ${client}`, async (): Promise<Bus> => {
      const config = { brokers: brokers.split(','), client, partitions: 3, replicationFactor: 1, prefix: freshPrefix() };
      const kafka = await openKafka({ config, clientId: 'spec', logger });
      return { ...kafka.bus, close: () => kafka.close() };
    });
  });
}
