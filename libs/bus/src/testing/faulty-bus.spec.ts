import pino from 'pino';
import { describe, expect, it } from 'vitest';
import { embeddedBus } from '../embedded/index.js';
import { faultyBus, type BusFaults } from './faulty-bus.js';
import { sampleMessage } from './sample-message.js';

const type = sampleMessage().type;

/** Revisions as they were delivered when 0…count−1 were published one by one. */
async function deliveries(faults: BusFaults, count = 200) {
  const bus = faultyBus(embeddedBus({ logger: pino({ level: 'silent' }), concurrency: 1 }), faults);
  const received: number[] = [];
  await bus.subscribe('group', [type], async ({ revision }) => void received.push(revision));
  for (let revision = 0; revision < count; revision++) await bus.publish([sampleMessage({ revision })]);
  await bus.close();
  return received;
}

const ascending = (numbers: readonly number[]) => numbers.toSorted((a, b) => a - b);
const revisions = Array.from({ length: 200 }, (_, i) => i);

describe('a faulty bus', () => {
  it('passes everything on when no fault is asked for', async () => {
    expect(await deliveries({})).toEqual(revisions);
  });

  it('loses everything', async () => {
    expect(await deliveries({ drop: 'all', duplicate: 3, shuffle: 7 })).toEqual([]);
  });

  it('loses about the part it should, and the same messages for the same seed', async () => {
    const received = await deliveries({ drop: 0.25 });
    expect(received.length).toBeGreaterThan(120);
    expect(received.length).toBeLessThan(180);
    expect(await deliveries({ drop: 0.25 })).toEqual(received);
  });

  it('delivers each message three times in another order, which the seed decides', async () => {
    const received = await deliveries({ duplicate: 3, shuffle: 7 });
    expect(ascending(received)).toEqual(revisions.flatMap((revision) => [revision, revision, revision]));
    expect(received).not.toEqual(ascending(received));
    expect(await deliveries({ duplicate: 3, shuffle: 7 })).toEqual(received);
    expect(await deliveries({ duplicate: 3, shuffle: 8 })).not.toEqual(received);
  });

  it('lets a lone message go after a moment', async () => {
    const bus = faultyBus(embeddedBus({ logger: pino({ level: 'silent' }) }), { shuffle: 7 });
    const received = new Promise<number>((resolve) => {
      void bus.subscribe('group', [type], async ({ revision }) => resolve(revision));
    });
    await bus.publish([sampleMessage({ revision: 5 })]);
    expect(await received).toBe(5);
    await bus.close();
  });
});
