import { createServer, type AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { probeKafka } from './probe-kafka.js';

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

const settings = { client: 'kafkajs', partitions: 6, replicationFactor: 1, prefix: '' } as const;

it('names the broker that takes no connections', async () => {
  expect(await probeKafka({ ...settings, brokers: ['127.0.0.1:1'] })).toEqual([{ what: 'Kafka', ok: false, says: '127.0.0.1:1 cannot be reached (ECONNREFUSED): is the broker up, and is the address right?' }]);
});

it('tells something else at the address from Kafka', async () => {
  const stranger = createServer((socket) => socket.on('error', () => {}).end('HTTP/1.1 400 Bad Request\r\n\r\n'));
  cleanups.push(() => stranger.close());
  await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
  const { port } = stranger.address() as AddressInfo; // of a listening TCP server
  const found = await probeKafka({ ...settings, brokers: [`127.0.0.1:${port}`] });
  expect(found).toMatchObject([{ ok: true }, { ok: false, says: expect.stringContaining('it does not answer as Kafka does') }]);
});
