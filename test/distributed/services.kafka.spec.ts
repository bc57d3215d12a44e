import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openSqliteEventStore } from '@refit/event-store/sqlite';
import type { HealthReport } from '@refit/service';
import { embeddedShop } from '../support/embedded-shop.ts';
import { describeKafka, freshPrefix } from '../support/kafka/describe-kafka.ts';
import { shopHistory, tellShop } from '../support/play-shop.ts';
import { refit } from '../support/refit-process.ts';
import { serviceNames } from '../support/service-process.ts';
import { startServices } from '../support/services.ts';
import { writeDays } from '../support/shop-data.ts';

const patience = 150_000;

function newFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'refit-distributed-')));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

describeKafka('services as processes of their own', ({ brokers }) => {
  it('come to the same history as all in one process', { timeout: 2 * patience }, async () => {
    const folder = newFolder();
    const files = writeDays(join(folder, 'days'));
    const services = await startServices({ folder, brokers, prefix: freshPrefix() });
    onTestFinished(() => services.stop().then(() => {}));
    expect([...services.processes.keys()].sort()).toEqual([...serviceNames].sort());
    const store = await openSqliteEventStore({ file: join(services.dataDirectory, 'events.sqlite') });
    onTestFinished(() => store.close());
    await tellShop(services, files);
    const history = await shopHistory(store, Date.now() + patience);

    const health = await Promise.all([...services.processes.values()].map(async (process) => (await (await fetch(`${(await process.ready()).http}/healthz`)).json()) as HealthReport));
    expect(health.filter(({ relay }) => relay?.holding)).toHaveLength(1);
    expect(health.map(({ status, why }) => ({ status, why }))).toEqual(health.map(() => ({ status: 'ok', why: [] })));
    expect(await refit(['up', '--data-dir', services.dataDirectory])).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('services of Refit are using') as string });
    await services.kill('training');
    expect((await services.start('training')).name).toBe('training');
    expect(await services.stop()).toEqual(health.map(() => 0));
    expect(history).toEqual(await embeddedShop(newFolder(), patience));
  });
});
