import { isRefitError } from '@refit/contracts';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Bus, BusMessage } from '../bus.js';
import { sampleMessage } from '../testing/index.js';

const eventually = <T>(check: () => T | Promise<T>) => vi.waitFor(check, { timeout: 10_000, interval: 5 });

const ingested = 'refit.run.v1.DataIngested';
const trained = 'refit.run.v1.ModelTrained';

/** What every bus must do. `open` gives a fresh one that no other test shares. */
export function busContract(name: string, open: () => Promise<Bus>): void {
  describe(`${name} keeps the bus contract`, () => {
    let bus: Bus;
    beforeEach(async () => {
      bus = await open();
    });
    afterEach(() => bus.close());

    /** Collects what a subscriber gets, as `stream revision`. */
    const collector = () => {
      const received: string[] = [];
      const handler = async ({ stream, revision }: BusMessage) => void received.push(`${stream} ${revision}`);
      return { received, handler };
    };
    const messages = (count: number, type = ingested) =>
      Array.from({ length: count }, (_, revision) => sampleMessage({ type, revision, position: String(revision + 1) }));
    const everyRevision = (count: number) => Array.from({ length: count }, (_, revision) => `run-1 ${revision}`).sort();
    const distinct = (received: readonly string[]) => [...new Set(received)].sort();

    it('gives every message to every group', async () => {
      const [one, other] = [collector(), collector()];
      await bus.subscribe('one', [ingested], one.handler);
      await bus.subscribe('other', [ingested], other.handler);
      await bus.publish(messages(100));
      await eventually(() => {
        expect(distinct(one.received)).toEqual(everyRevision(100));
        expect(distinct(other.received)).toEqual(everyRevision(100));
      });
    });

    it('shares the messages of a group among its subscribers', async () => {
      const [one, other] = [collector(), collector()];
      await bus.subscribe('group', [ingested], one.handler);
      await bus.subscribe('group', [ingested], other.handler);
      await bus.publish(messages(200));
      await eventually(() => expect(distinct([...one.received, ...other.received])).toEqual(everyRevision(200)));
      expect(one.received.length + other.received.length).toBe(200);
    });

    it('gives the whole event', async () => {
      const received: BusMessage[] = [];
      const sent = sampleMessage({
        data: { dataset: 'flights', window: { rows: 3 } },
        metadata: { $correlationId: 'run-7', actor: 'anna' },
        stream: 'run-7', revision: 4, position: '123456789012345678901', recordedAt: 1_790_000_000_000,
      });
      await bus.subscribe('group', [ingested], async (message) => void received.push(message));
      await bus.publish([sent]);
      await eventually(() => expect(received).toEqual([sent]));
    });

    it('gives a subscriber only the types it asked for, and takes messages that nobody asked for', async () => {
      const { received, handler } = collector();
      await bus.subscribe('group', [trained], handler);
      await bus.publish([...messages(3), sampleMessage({ type: 'refit.run.v9.NotYetInvented' }), ...messages(1, trained)]);
      await eventually(() => expect(received).toEqual(['run-1 0']));
    });

    it('goes on after a handler that throws, for its subscriber and for the others', async () => {
      const { received, handler } = collector();
      const failing = collector();
      await bus.subscribe('sound', [ingested], handler);
      await bus.subscribe('failing', [ingested], async (message) => {
        await failing.handler(message);
        throw new Error('a handler of this test fails on purpose');
      });
      await bus.subscribe('failing at once', [ingested], () => {
        throw new Error('a handler of this test fails on purpose');
      });
      await bus.publish(messages(50));
      await eventually(() => {
        expect(distinct(received)).toEqual(everyRevision(50));
        expect(distinct(failing.received)).toEqual(everyRevision(50));
      });
    });

    it('keeps the other groups going while a handler is slow', async () => {
      const { received, handler } = collector();
      const { promise: released, resolve: release } = Promise.withResolvers<void>();
      await bus.subscribe('slow', [ingested], () => released);
      await bus.subscribe('quick', [ingested], handler);
      await bus.publish(messages(20));
      await eventually(() => expect(distinct(received)).toEqual(everyRevision(20)));
      release();
    });

    it('calls nobody any more after a subscriber has left, and waits for its handlers under way', async () => {
      const { received, handler } = collector();
      let underWay = false;
      const leave = await bus.subscribe('group', [ingested], async (message) => {
        underWay = true;
        await new Promise((resolve) => setTimeout(resolve, 50));
        await handler(message);
      });
      await bus.publish(messages(1));
      await eventually(() => expect(underWay).toBe(true));
      await leave();
      expect(received).toEqual(['run-1 0']);
      await bus.publish(messages(5));
      await bus.close();
      expect(received).toEqual(['run-1 0']);
    });

    it('waits on close for the handlers under way', async () => {
      const { received, handler } = collector();
      let underWay = 0;
      await bus.subscribe('group', [ingested], async (message) => {
        underWay++;
        await new Promise((resolve) => setTimeout(resolve, 50));
        await handler(message);
      });
      await bus.publish(messages(10));
      await eventually(() => expect(underWay).toBeGreaterThan(0));
      await bus.close();
      expect(received.length).toBe(underWay);
    });

    it('refuses to publish and to subscribe once closed, and may be closed again', async () => {
      await bus.close();
      await bus.close();
      const isUnavailable = (error: unknown) => isRefitError(error, 'BUS_UNAVAILABLE');
      await expect(bus.publish(messages(1))).rejects.toSatisfy(isUnavailable);
      await expect(bus.subscribe('group', [ingested], async () => {})).rejects.toSatisfy(isUnavailable);
    });
  });
}
