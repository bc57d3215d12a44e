import { afterEach, expect, it } from 'vitest';
import { sampleMessage } from '@refit/bus/testing';
import { describeKafka, freshPrefix } from '../support/kafka/describe-kafka.ts';
import { clients, eventually, open, untilWell } from './kafka-clients.ts';
import { MemberProcess } from './member-process.ts';

const type = sampleMessage().type;
/** One of each stream, so that they spread over the partitions. */
const round = (revision: number) => Array.from({ length: 24 }, (_, i) => sampleMessage({ stream: `run-${i}`, revision }));
const namesOf = (revision: number) => round(revision).map(({ stream }) => `${stream} ${revision}`);

for (const client of clients) {
  describeKafka(`processes of one group on Kafka by ${client}`, ({ brokers }) => {
    const members: MemberProcess[] = [];
    afterEach(async () => {
      await Promise.all(members.splice(0).map((member) => member.end('SIGKILL')));
    });

    it('share the messages; one that is killed, stalls or leaves is replaced, and no message is skipped', { timeout: 240_000 }, async ({ onTestFinished }) => {
      const prefix = freshPrefix();
      const kafka = await open(onTestFinished, { client, prefix, partitions: 6 });
      await untilWell(kafka);
      const config = { brokers: brokers.split(','), client, partitions: 6, replicationFactor: 1, prefix };
      const start = async () => {
        const member = new MemberProcess(config, 'group', type);
        members.push(member);
        await member.ready;
        return member;
      };
      let revision = 0;
      /** Each message of a round reaches one of them, also while the group is given out anew. */
      const playRound = async (among: readonly MemberProcess[]) => {
        const names = namesOf(revision);
        await kafka.bus.publish(round(revision++));
        await eventually(() => {
          const received = new Set(among.flatMap((member) => member.received));
          expect(names.filter((name) => !received.has(name))).toEqual([]);
        });
      };
      const sharing = (...among: readonly MemberProcess[]) => eventually(async () => {
        const before = among.map(({ received }) => received.length);
        await playRound(members);
        expect(among.every(({ received }, i) => received.length > before[i]!)).toBe(true);
      });

      const first = await start();
      await playRound([first]);
      const second = await start();
      await sharing(first, second);

      await first.end('SIGKILL');
      await playRound([second, first]);

      const third = await start();
      await sharing(second, third);
      second.stall();
      await playRound([third, second, first]);
      second.resume();
      await sharing(second, third);

      await third.end('SIGTERM');
      await playRound([second]);
      expect(kafka.bus.health()).toEqual({ ok: true });
    });
  }, { concurrent: true });
}
