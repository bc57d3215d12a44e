import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { openSqliteEventStore } from '@refit/event-store/sqlite';
import { connect } from '@refit/refit';
import { eventTopics, outsideTopics } from '../../libs/bus/src/kafka/topics.ts';
import { garbage } from '../kafka/garbage.ts';
import { administer, writeTo } from '../kafka/outsider.ts';
import { embeddedShop } from '../support/embedded-shop.ts';
import { historyOf } from '../support/history.ts';
import { describeOwnKafka, freshPrefix } from '../support/kafka/describe-kafka.ts';
import { freePort } from '../support/kafka/free-port.ts';
import { shopHistory, tellShop } from '../support/play-shop.ts';
import { healthOfAll } from '../support/service-health.ts';
import { startServices } from '../support/services.ts';
import { dayName, writeDays } from '../support/shop-data.ts';
import { eventually, patience } from './fleet.ts';

describeOwnKafka('services on a Kafka in trouble', (startBroker) => {
  it('do without one that is not there yet, make what it lost, pass over or park what is none of theirs, and lose nothing', { timeout: 3 * patience }, async () => {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'refit-trouble-')));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const files = writeDays(join(folder, 'days'));
    const [port, prefix] = [await freePort(), freshPrefix()];
    const services = await startServices({ folder, brokers: `127.0.0.1:${port}`, prefix });
    onTestFinished(() => services.stop().then(() => {}));
    const store = await openSqliteEventStore({ file: join(services.dataDirectory, 'events.sqlite') });
    onTestFinished(() => store.close());
    const ended = (runs: number) => eventually(async () => {
      const history = await historyOf(store);
      expect(history.runs.filter(({ end }) => end !== 'open')).toHaveLength(runs);
    });

    // Not reachable at the start: it is said by each, and the work is done all the same.
    expect((await healthOfAll(services)).map(({ status, why }) => `${status}: ${String(why.some((text) => text.includes(`127.0.0.1:${port}`)))}`)).toEqual(Array.from({ length: 6 }, () => 'unwell: true'));
    await tellShop(services, files.slice(0, 1));
    await ended(1);
    const broker = await startBroker({ port });
    onTestFinished(() => broker.stop());
    const allWell = () => eventually(async () => expect((await healthOfAll(services)).flatMap(({ status, why }) => (status === 'ok' ? [] : why))).toEqual([]));
    await allWell();

    // Garbage on every topic, and the news from outside behind it.
    const topics = [...eventTopics, ...outsideTopics].map((topic) => prefix + topic);
    for (const topic of topics) await writeTo(broker.brokers, topic, garbage.map(([, message]) => message));
    const arrival = (day: number) => ({
      key: 'shop',
      headers: { 'content-type': 'application/cloudevents+json' },
      value: JSON.stringify({ specversion: '1.0', type: 'refit.data.arrived.v1', source: 'test', id: dayName(day), datacontenttype: 'application/json', data: { dataset: 'shop', name: dayName(day), uri: pathToFileURL(files[day - 1] ?? '').href } }),
    });
    await writeTo(broker.brokers, `${prefix}refit.data-arrivals`, [2, 3].map(arrival));
    await ended(3);

    // Topics that somebody deletes, and makes again with fewer partitions.
    await administer(broker.brokers, async (admin) => {
      await admin.deleteTopics({ topics: [`${prefix}refit.run`, `${prefix}refit.trigger`] });
      await admin.createTopics({ topics: [{ topic: `${prefix}refit.run`, numPartitions: 1 }], waitForLeaders: false });
    });
    await writeTo(broker.brokers, `${prefix}refit.data-arrivals`, [4, 5, 6].map(arrival));
    const history = await shopHistory(store, Date.now() + patience);
    await allWell();
    expect(await administer(broker.brokers, (admin) => admin.listTopics())).toEqual(expect.arrayContaining(topics));

    const client = connect(services.grpc);
    const { letters } = await client.admin.listDeadLetters({ pageSize: 100 }).finally(() => client.close());
    expect(letters).toHaveLength(outsideTopics.length * garbage.length);
    expect(history).toEqual(await embeddedShop(join(folder, 'embedded'), patience));
  });
});
