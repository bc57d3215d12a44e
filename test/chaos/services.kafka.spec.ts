import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, inject, it, onTestFailed } from 'vitest';
import { stepName } from '@refit/run';
import { openSqliteEventStore } from '@refit/event-store/sqlite';
import { claimsOf } from '../support/claims.ts';
import { embeddedShop } from '../support/embedded-shop.ts';
import { asShop, type History } from '../support/history.ts';
import { startBroker } from '../support/kafka/broker.ts';
import { describeKafka, freshPrefix } from '../support/kafka/describe-kafka.ts';
import { shopHistory, tellShop } from '../support/play-shop.ts';
import { complaintsOf, healthOfAll } from '../support/service-health.ts';
import { serviceNames } from '../support/service-process.ts';
import { startServices } from '../support/services.ts';
import { writeDays } from '../support/shop-data.ts';
import { blowsOf } from './blows.ts';
import { prepare, type Kill, type Victims } from './strike.ts';

const rounds = Number(process.env['REFIT_CHAOS_ROUNDS'] ?? 5);
const leaseTtlMs = 10_000;
const patience = 120_000;

describeKafka('services as processes of their own, killed with -9', (kafka) => {
  const mayKillBroker = inject('kafka').source.kind !== 'given';
  let folder: string;
  let files: readonly string[];
  let undisturbed: History;
  let victims: Victims;
  const kills: Kill[] = [];

  beforeAll(async () => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'refit-chaos-')));
    undisturbed = await embeddedShop(join(folder, 'undisturbed'), patience);
    const broker = mayKillBroker ? await startBroker({}, inject('kafka').source) : undefined;
    const services = await startServices({ folder, brokers: broker?.brokers ?? kafka.brokers, prefix: freshPrefix() });
    files = writeDays(join(folder, 'days'));
    victims = { services, broker, store: await openSqliteEventStore({ file: join(services.dataDirectory, 'events.sqlite') }) };
  }, 2 * patience);
  afterAll(async () => {
    await victims.services.stop();
    await victims.store.close();
    await victims.broker?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  for (let round = 0; round < rounds; round++) {
    const blows = blowsOf(round, { broker: mayKillBroker });
    it(`end every run as if nothing had happened: round ${round}, ${JSON.stringify(blows)}`, { timeout: 2 * patience }, async () => {
      const { services, store } = victims;
      const begin = Date.now();
      const deadline = begin + patience;
      onTestFailed(() => console.error(complaintsOf(services, begin).join('\n')));
      const shop = `shop-${round}`;
      const prepared = await Promise.all(blows.map((blow) => prepare(blow, victims, AbortSignal.timeout(patience))));
      await tell(shop, deadline);
      const history = await shopHistory(store, deadline, shop);
      kills.push(...(await Promise.all(prepared.map(({ done }) => done))).flat());

      expect(asShop(history, shop)).toEqual(undisturbed);
      await expect.poll(async () => (await healthOfAll(services)).map(({ status, why }) => ({ status, why })), { timeout: 30_000 })
        .toEqual(serviceNames.map(() => ({ status: 'ok', why: [] })));
    });
  }

  it('take up what was interrupted within the time to live of a lease and 2 s, and take nothing twice otherwise', async () => {
    const again = (await claimsOf(victims.store)).filter(({ attempt }) => attempt > 1);
    const interruptions = again.map((claim) => {
      const kill = kills.find(({ instanceId }) => instanceId === claim.takenOver?.instanceId);
      return { run: claim.run, step: stepName(claim.step), resumedAfterMs: kill ? claim.at - kill.at : Number.NaN };
    });
    expect(interruptions.length).toBeGreaterThan(0);
    expect(interruptions.filter(({ resumedAfterMs }) => !(resumedAfterMs <= leaseTtlMs + 2000))).toEqual([]);
  });

  /** The trigger may be the one that is killed: then the same is told again. */
  async function tell(shop: string, deadline: number): Promise<void> {
    for (;;) {
      try {
        return await tellShop(victims.services, files, shop);
      } catch (error) {
        if (Date.now() > deadline) throw error;
        await sleep(100);
      }
    }
  }
});
