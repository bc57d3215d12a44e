import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, it, onTestFinished } from 'vitest';
import { progressRecord, streamSubject } from '@refit/contracts';
import { stepName } from '@refit/run';
import { claimsOf } from '../support/claims.ts';
import { embeddedShop } from '../support/embedded-shop.ts';
import { asShop } from '../support/history.ts';
import { describeKafka, freshPrefix } from '../support/kafka/describe-kafka.ts';
import { shopHistory, tellShop } from '../support/play-shop.ts';
import { healthOfAll } from '../support/service-health.ts';
import { serviceNames } from '../support/service-process.ts';
import { writeDays } from '../support/shop-data.ts';
import { eventually, Fleet, patience } from './fleet.ts';
import { relayed } from './relayed.ts';
import { stall } from './stall.ts';

const leaseTtlMs = 6000;
/** Of everything that is to go on after somebody is gone. */
const withinMs = leaseTtlMs + 2000;

describeKafka('two processes of each service', ({ brokers }) => {
  const prefix = freshPrefix();
  let fleet: Fleet;
  beforeAll(async () => {
    fleet = await Fleet.start({ brokers, prefix, instances: 2, leaseTtlMs });
  }, patience);
  afterAll(() => fleet.stop());
  beforeEach(() => fleet.allWell(2));

  it('share the work, judge once what both are told, and come to the same history as all in one process', { timeout: patience }, async () => {
    const files = writeDays(join(fleet.folder, 'days'));
    const shops = ['shop', 'shop-b'];
    const triggers = [await fleet.addressesOf('trigger'), await fleet.addressesOf('trigger-2')];
    await Promise.all(shops.flatMap((shop) => triggers.map((trigger) => tellShop(trigger, files, shop))));
    const histories = await Promise.all(shops.map((shop) => shopHistory(fleet.store, Date.now() + patience, shop)));
    const embedded = await embeddedShop(join(fleet.folder, 'embedded'), patience);
    expect(histories.map((history, i) => asShop(history, shops[i] ?? ''))).toEqual([embedded, embedded]);

    const claims = await claimsOf(fleet.store);
    expect(claims.filter(({ attempt }) => attempt > 1)).toEqual([]);
    const workers = new Map<string, Set<string>>();
    for (const { step, instanceId } of claims) workers.set(stepName(step), (workers.get(stepName(step)) ?? new Set()).add(instanceId));
    expect([...workers].map(([step, { size }]) => `${step}: ${size}`)).toEqual(['ingest: 2', 'validate: 2', 'transform: 2', 'train: 2', 'evaluate: 2', 'judge: 2', 'register: 2']);
  });

  it('take over from one that was killed', { timeout: patience }, async () => {
    await fleet.startSlowTraining('killed', 'seconds');
    const name = await fleet.nameOf((await fleet.trainingOf('killed')).instanceId);
    const killedAt = Date.now();
    await fleet.services.kill(name);
    const next = await fleet.trainingOf('killed', 2);
    expect(next.at - killedAt).toBeLessThanOrEqual(withinMs);
    await fleet.services.start('training');
    expect((await fleet.findingsOf('killed')).filter((finding) => finding.startsWith('artifact'))).toHaveLength(1);
  });

  it('take over from one that stalls, and refuse what it brings when it wakes up', { timeout: patience }, async () => {
    await fleet.startSlowTraining('stalled', 'seconds');
    const name = await fleet.nameOf((await fleet.trainingOf('stalled')).instanceId);
    const stalledAt = Date.now();
    await stall(fleet.services, name, fleet.store);
    const next = await fleet.trainingOf('stalled', 2);
    expect(next.at - stalledAt).toBeLessThanOrEqual(withinMs);
    fleet.services.resume(name);
    expect((await fleet.findingsOf('stalled')).filter((finding) => finding.startsWith('artifact'))).toHaveLength(1);
    expect(await fleet.trainingOf('stalled', 2)).toEqual(next);
  });

  it('hear of a cancelled run where its work is done, within 2 s; one that is stopped gives its work to the other at once', { timeout: patience }, async () => {
    const pipelines = ['first', 'second', 'third'];
    onTestFinished(async () => {
      for (const pipeline of pipelines) await fleet.cancel(pipeline, 'trigger').catch(() => {}); // most have ended
    });
    for (const pipeline of pipelines) {
      await fleet.startSlowTraining(pipeline, 'minutes');
      // Each process has one slot for training: the third run waits.
      if (pipeline !== 'third') await fleet.trainingOf(pipeline);
    }
    const [first, second] = [await fleet.trainingOf('first'), await fleet.trainingOf('second')];
    expect(first.instanceId).not.toBe(second.instanceId);
    await fleet.cancel('first', 'trigger-2');
    const holder = fleet.services.processes.get(await fleet.nameOf(first.instanceId));
    const cancelledAt = await recordedAt(first.run, 'refit.run.v1.RunCancelled');
    const heard = await eventually(() => holder?.log.find(({ msg, runId }) => msg.startsWith('the run was cancelled') && runId === streamSubject(first.run)) ?? Promise.reject(new Error('not heard')));
    expect(Date.parse(String(heard['time'])) - cancelledAt).toBeLessThanOrEqual(2000);
    await sleep(cancelledAt + 2000 - Date.now());
    const progress = async () => (await fleet.store.getRecord(progressRecord(streamSubject(first.run))))?.revision;
    const last = await progress();
    await sleep(1000);
    expect(await progress()).toBe(last);
    expect((await fleet.trainingOf('third')).instanceId).toBe(first.instanceId);

    await fleet.cancel('third', 'trigger');
    const stopped = fleet.services.processes.get(await fleet.nameOf(second.instanceId));
    const stoppedAt = Date.now();
    stopped?.signal('SIGTERM');
    const handed = await fleet.trainingOf('second', 2);
    expect(handed.instanceId).toBe(first.instanceId);
    expect(handed.at - stoppedAt).toBeLessThanOrEqual(2000);
    await fleet.cancel('second', 'trigger');
    expect(await stopped?.ended).toBe(0);
    await fleet.services.start('training');
  });

  const recordedAt = async (stream: string, wanted: string): Promise<number> => {
    for await (const { type, recordedAt: at } of fleet.store.readStream(stream, { direction: 'backwards' })) if (type === wanted) return at;
    return Number.NaN;
  };

  it('relay the log one at a time: one that stalls or is killed is replaced, and nothing is skipped', { timeout: patience }, async () => {
    const role = async () => (await fleet.store.getRecord('relay'))?.value as { readonly owner: string; readonly epoch: number }; // as relays write it
    const replaced = ({ epoch }: { readonly epoch: number }) => eventually(async () => {
      const now = await role();
      expect(now.epoch).toBe(epoch + 1);
      return now;
    });
    const first = await role();
    const stalled = await fleet.nameOf(first.owner);
    const stalledAt = Date.now();
    await stall(fleet.services, stalled, fleet.store);
    const second = await replaced(first);
    expect(Date.now() - stalledAt).toBeLessThanOrEqual(withinMs);
    await tellShop(await fleet.addressesOf(stalled === 'trigger' ? 'trigger-2' : 'trigger'), writeDays(join(fleet.folder, 'days')), 'shop-c');
    fleet.services.resume(stalled);
    await fleet.allWell(2);
    await eventually(async () => {
      const holding = (await healthOfAll(fleet.services)).filter(({ relay }) => relay?.holding);
      expect(holding.map(({ instanceId }) => instanceId)).toEqual([second.owner]);
    });

    const killed = await fleet.nameOf(second.owner);
    const killedAt = Date.now();
    await fleet.services.kill(killed);
    await replaced(second);
    expect(Date.now() - killedAt).toBeLessThanOrEqual(withinMs);
    await fleet.services.start(serviceNames.find((service) => killed.startsWith(service)) ?? 'trigger');
    await shopHistory(fleet.store, Date.now() + patience, 'shop-c');
    await eventually(async () => expect(await relayed(fleet.store, brokers, prefix)).toMatchObject({ skipped: [] }));
  });
});
