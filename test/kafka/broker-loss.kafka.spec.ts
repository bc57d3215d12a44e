import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isRefitError } from '@refit/contracts';
import type { BusMessage } from '@refit/bus';
import { sampleMessage } from '@refit/bus/testing';
import type { Broker } from '../support/kafka/broker.ts';
import { describeOwnKafka } from '../support/kafka/describe-kafka.ts';
import { freePort } from '../support/kafka/free-port.ts';
import { clients, eventually, keptLog, open, untilWell } from './kafka-clients.ts';
import { MemberProcess } from './member-process.ts';
import { writeTo } from './outsider.ts';

const type = sampleMessage().type;

describeOwnKafka('a broker that comes and goes', (start) => {
  for (const client of clients) {
    describe(`for the bus and the inbox by ${client}`, () => {
      let port: number;
      let broker: Broker | undefined;
      const brokers = () => `127.0.0.1:${port}`;
      beforeAll(async () => {
        port = await freePort();
      });
      afterAll(() => broker?.stop());

      it('is waited for at the start, found again after each loss, and never ends the process', { timeout: 240_000 }, async ({ onTestFinished, onTestFailed }) => {
        const { logger, texts } = keptLog();
        const kafka = await open(onTestFinished, { client, logger, brokers: brokers() });
        const received: number[] = [];
        await kafka.bus.subscribe('group', [type], async ({ revision }) => void received.push(revision));
        const outside: string[] = [];
        await kafka.inbox.receive(['refit.data-arrivals'], async (messages) => void outside.push(...messages.map(({ body }) => Buffer.from(body).toString())));

        const refusedBecause = async (message: BusMessage): Promise<string> => {
          const outcome = await kafka.bus.publish([message]).then(() => 'taken', (error: unknown) => error);
          return isRefitError(outcome, 'BUS_UNAVAILABLE') && outcome.retryable ? outcome.message : `not refused: ${String(outcome)}`;
        };
        const takesNothing = async () => {
          expect(await refusedBecause(sampleMessage({ revision: 1000 }))).toContain(`Kafka at ${brokers()} did not take messages over`);
          expect(kafka.bus.health().why).toContain(brokers());
        };
        const isAway = async () => {
          await eventually(() => expect(kafka.bus.health()).toMatchObject({ ok: false }));
          await takesNothing();
        };
        let revision = 0;
        const isThere = async () => {
          const mine = revision++;
          // As soon as it is taken, whether or not the group has been joined again
          await eventually(() => kafka.bus.publish([sampleMessage({ revision: mine })]));
          await writeTo(brokers(), `${kafka.prefix}refit.data-arrivals`, [{ value: String(mine) }]);
          await eventually(() => expect(received).toContain(mine));
          await eventually(() => expect(outside).toContain(String(mine)));
          await untilWell(kafka);
        };

        await isAway();
        expect(texts('warn').join()).toContain(`Kafka at ${brokers()}`);
        broker = await start({ port });
        await isThere();

        const member = new MemberProcess({ brokers: [brokers()], client, partitions: 3, replicationFactor: 1, prefix: kafka.prefix }, 'other group', type);
        onTestFailed(() => console.log(texts('warn'), member.received, member.complaints));
        await member.ready;
        await broker.kill();
        await isAway();
        await broker.restart();
        await isThere();
        expect(texts('info').join()).toContain(`Kafka at ${brokers()} works again`);

        await broker.stall();
        await takesNothing();
        await broker.resume();
        await isThere();

        await eventually(async () => {
          const mine = revision++;
          await kafka.bus.publish([sampleMessage({ revision: mine })]);
          await eventually(() => expect(member.received).toContain(`run-1 ${mine}`));
        });
        await broker.stall();
        await kafka.close();
        await member.end('SIGTERM');
        expect(member.complaints).toBe('');
      });
    });
  }
}, { concurrent: true });
