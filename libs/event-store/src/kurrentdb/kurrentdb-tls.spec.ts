import { afterAll, describe, expect, it } from 'vitest';
import { collect, newEvents } from '../contract/sample-events.js';
import { Follower } from '../contract/follower.js';
import { openKurrentDbEventStore } from './open-kurrentdb-event-store.js';
import { isOpensslThere, makeCertificates } from './testing/certificates.js';
import { FakeKurrentDb } from './testing/fake-kurrentdb.js';

const there = isOpensslThere();

describe.skipIf(!there)(`KurrentDB over TLS, on a fake of the server${there ? '' : ' (needs openssl, which is not here)'}`, () => {
  const certificates = there ? makeCertificates() : undefined;
  const [username, password] = ['ops@example', 'p:a/s s&w%rd'];
  afterAll(() => certificates?.remove());

  async function withServer(work: (server: FakeKurrentDb) => Promise<void>): Promise<void> {
    const server = new FakeKurrentDb({ ...(certificates && { tls: certificates }), credentials: `${username}:${password}` });
    await server.start();
    await work(server).finally(() => server.stop());
  }

  it('appends, reads and subscribes with a certificate file and credentials, whatever letters they have', () =>
    withServer(async ({ url }) => {
      const store = await openKurrentDbEventStore({ url, username, password, caFile: certificates?.caFile ?? '' });
      await store.append('run-1', newEvents(2), 'no-stream');
      expect(await collect(store.readStream('run-1'))).toHaveLength(2);
      const follower = new Follower(store);
      expect(await follower.eventsUpTo(2)).toHaveLength(2);
      await follower.stop();
      await store.close();
    }));

  it('is refused with a wrong password, which nobody gets to see', () =>
    withServer(async ({ url }) => {
      const refused = openKurrentDbEventStore({ url, username, password: 'wrong-one', caFile: certificates?.caFile ?? '' });
      await expect(refused).rejects.toMatchObject({ code: 'STORE_ACCESS_DENIED', retryable: false });
      await expect(refused).rejects.not.toThrow(/wrong-one/);
    }));

  it('does not trust a server whose certificate nobody it knows has signed', () =>
    withServer(async ({ url }) => {
      await expect(openKurrentDbEventStore({ url, username, password, patienceMs: 100 })).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    }));
});
