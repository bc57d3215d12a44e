import pino from 'pino';
import { describe, expect, it, vi } from 'vitest';
import type { BusHandler } from '../bus.js';
import { busContract } from '../contract/index.js';
import { sampleMessage } from '../testing/index.js';
import { embeddedBus } from './embedded-bus.js';

const eventually = <T>(check: () => T | Promise<T>) => vi.waitFor(check, { timeout: 10_000, interval: 5 });

const logger = pino({ level: 'silent' });
const type = sampleMessage().type;
const messages = (count: number) => Array.from({ length: count }, (_, revision) => sampleMessage({ revision }));

busContract('the embedded bus', async () => embeddedBus({ logger }));

describe('the embedded bus', () => {
  it('gives each message to a group exactly once', async () => {
    const bus = embeddedBus({ logger });
    const received: number[] = [];
    await bus.subscribe('group', [type], async ({ revision }) => void received.push(revision));
    await bus.subscribe('group', [type], async ({ revision }) => void received.push(revision));
    await bus.publish(messages(101));
    await bus.close();
    expect(received.sort((a, b) => a - b)).toEqual(messages(101).map(({ revision }) => revision));
  });

  it('takes the subscribers of a group in turn', async () => {
    const bus = embeddedBus({ logger });
    const counts = [0, 0, 0];
    for (const i of counts.keys()) await bus.subscribe('group', [type], async () => void counts[i]!++);
    await bus.publish(messages(9));
    await bus.close();
    expect(counts).toEqual([3, 3, 3]);
  });

  it('never calls a handler on the stack of the publisher', async () => {
    const bus = embeddedBus({ logger });
    const handler = vi.fn<BusHandler>().mockResolvedValue();
    await bus.subscribe('group', [type], handler);
    await bus.publish(messages(1));
    expect(handler).not.toHaveBeenCalled();
    await bus.close();
    expect(handler).toHaveBeenCalledTimes(1);
  });

  it('makes the publisher wait while a queue is full, and bounds the handlers under way', async () => {
    const bus = embeddedBus({ logger, capacity: 4, concurrency: 2 });
    const releases: (() => void)[] = [];
    let underWay = 0;
    let mostUnderWay = 0;
    await bus.subscribe('group', [type], async () => {
      mostUnderWay = Math.max(mostUnderWay, ++underWay);
      await new Promise<void>((resolve) => releases.push(resolve));
      underWay--;
    });
    let published = false;
    const publishing = bus.publish(messages(20)).then(() => (published = true));
    await eventually(() => expect(underWay).toBe(2));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(published).toBe(false);
    while (bus.stats().handled < 20) {
      releases.shift()?.();
      await new Promise((resolve) => setImmediate(resolve));
    }
    await publishing;
    expect(mostUnderWay).toBe(2);
    await bus.close();
  });

  it('handles on close everything it has taken over', async () => {
    const bus = embeddedBus({ logger, concurrency: 1 });
    const received: number[] = [];
    await bus.subscribe('group', [type], async ({ revision }) => {
      await new Promise((resolve) => setImmediate(resolve));
      received.push(revision);
    });
    await bus.publish(messages(50));
    await bus.close();
    expect(received).toHaveLength(50);
  });

  it('lets a publisher go that waits for a subscriber which leaves', async () => {
    const bus = embeddedBus({ logger, capacity: 1, concurrency: 1 });
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    const leave = await bus.subscribe('group', [type], () => released);
    const publishing = bus.publish(messages(10));
    const leaving = leave();
    release();
    await Promise.all([publishing, leaving]);
    await bus.close();
    expect(bus.stats().handled).toBeLessThan(10);
  });

  it('counts and logs what fails, and counts what nobody is for', async () => {
    const error = vi.fn<(fields: { err: Error; group: string }, text: string) => void>();
    const bus = embeddedBus({ logger: Object.assign(pino({ level: 'silent' }), { error }) });
    await bus.subscribe('judges', [type], async ({ revision }) => {
      if (revision % 2 === 1) throw new Error(`odd revision ${revision}`);
    });
    await bus.publish([...messages(4), sampleMessage({ type: 'refit.run.v9.NotYetInvented' })]);
    await bus.close();
    expect(bus.stats()).toEqual({ published: 5, handled: 4, failed: 2, unclaimed: 1 });
    expect(error.mock.calls.map(([fields, text]) => [fields.err.message, fields.group, text])).toEqual([
      ['odd revision 1', 'judges', `a handler of group judges failed on ${type}`],
      ['odd revision 3', 'judges', `a handler of group judges failed on ${type}`],
    ]);
  });
});
