import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { loadClient } from '@refit/bus/kafka';
import { afterEach, expect, it } from 'vitest';
import { describeKafka, freshPrefix } from '../support/kafka/describe-kafka.ts';
import { refit } from '../support/refit-process.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

describeKafka('refit config check --connect', ({ brokers }) => {
  it('says which topics are there, and which have few partitions; and makes none', async () => {
    const cwd = await mkdtemp(join(tmpdir(), 'refit-check-'));
    cleanups.push(() => rm(cwd, { recursive: true, force: true }));
    const prefix = freshPrefix();
    const client = await loadClient({ brokers: brokers.split(','), client: 'kafkajs', partitions: 6, replicationFactor: 1, prefix }, 'spec', pino({ level: 'silent' }));
    cleanups.push(() => client.close());
    await client.createTopics([{ name: `${prefix}refit.run`, partitions: 2, replicationFactor: 1 }]);
    const { exitCode, stdout } = await refit(['config', 'check', '--connect', '--json', '--bus-kind', 'kafka', '--kafka-brokers', brokers, '--kafka-prefix', prefix], { cwd });
    const { found } = JSON.parse(stdout);
    expect(exitCode).toBe(0);
    expect(found.at(-1)).toMatchObject({ what: 'Kafka', ok: true, says: expect.stringMatching(/^it answers; 1 of \d+ topics are there, and the others are made at the first start; fewer than 6 partitions have spec-.*\.refit\.run$/) });
    expect((await client.partitionCounts([`${prefix}refit.run`, `${prefix}refit.trigger`])).size).toBe(1);
  });
});
