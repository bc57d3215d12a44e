import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EventStore } from '@refit/event-store';
import { openSqliteEventStore } from '@refit/event-store/sqlite';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Bus, BusMessage } from '../bus.js';
import { startRelay, type Relay, type RelayOptions } from './relay.js';

const logger = pino({ level: 'silent' });
/** Long: nobody in these tests is judged by real time unless the test says so. */
const leaseTtlMs = 60_000;

const eventually = <T>(check: () => T | Promise<T>) => vi.waitFor(check, { timeout: 10_000, interval: 5 });

/** A bus that only notes what is published. */
class RecordingBus implements Bus {
  readonly messages: BusMessage[] = [];
  failures = 0;
  gate: Promise<void> = Promise.resolve();

  async publish(messages: readonly BusMessage[]) {
    await this.gate;
    if (this.failures-- > 0) throw new Error('the broker is away');
    this.messages.push(...messages);
  }
  async subscribe() {
    return async () => {};
  }
  health() {
    return { ok: true };
  }
  async close() {}

  get names() {
    return this.messages.map(({ stream, revision }) => `${stream} ${revision}`);
  }
}

describe('the relay', () => {
  let directory: string;
  let store: EventStore;
  let bus: RecordingBus;
  let relays: Relay[];

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'refit-relay-'));
    store = await openSqliteEventStore({ file: join(directory, 'events.db') });
    bus = new RecordingBus();
    relays = [];
  });
  afterEach(async () => {
    await Promise.all(relays.map((relay) => relay.stop()));
    await store.close();
    await rm(directory, { recursive: true });
  });

  const start = (options: Partial<RelayOptions> = {}) => {
    const relay = startRelay({ store, bus, instanceId: 'instance-a', leaseTtlMs, logger, ...options });
    relays.push(relay);
    return relay;
  };
  const append = (stream: string, count = 1) =>
    store.append(stream, Array.from({ length: count }, () => ({ id: randomUUID(), type: 'refit.run.v1.DataIngested', data: {}, metadata: {} })), 'any');
  const published = (count: number) => eventually(() => expect(bus.messages.length).toBe(count));
  const record = async () => (await store.getRecord('relay'))?.value;

  it('publishes what is in the log and what is appended, in the order of the log', async () => {
    await append('run-1', 3);
    start();
    await published(3);
    await append('run-2', 1200);
    await append('run-1');
    await published(1204);
    expect(bus.names).toEqual([...Array.from({ length: 3 }, (_, i) => `run-1 ${i}`), ...Array.from({ length: 1200 }, (_, i) => `run-2 ${i}`), 'run-1 3']);
  });

  it('goes on after a stop where it stopped, at once', async () => {
    await append('run-1', 5);
    const first = start();
    await published(5);
    await first.stop();
    expect(await record()).toMatchObject({ owner: '', epoch: 1 });
    await append('run-1', 2);
    start({ instanceId: 'instance-b' });
    await published(7);
    expect(bus.names.slice(5)).toEqual(['run-1 5', 'run-1 6']);
    expect(await record()).toMatchObject({ owner: 'instance-b', epoch: 2 });
  });

  it('records its position only after the bus took the messages over', async () => {
    const { promise: open, resolve: openGate } = Promise.withResolvers<void>();
    bus.gate = open;
    const relay = start({ leaseTtlMs: 40 });
    const { position } = await append('run-1');
    const before = await store.getRecord('relay');
    await eventually(async () => expect((await store.getRecord('relay'))?.revision).toBeGreaterThan((before?.revision ?? 0) + 1));
    expect(await record()).toMatchObject({ position: '' });
    openGate();
    await eventually(async () => expect(await record()).toMatchObject({ position }));
    expect(relay.stats()).toEqual({ holding: true, published: 1, position, taken: 1 });
  });

  it('publishes again what the bus did not take, and says so once', async () => {
    bus.failures = 2;
    const warnings = vi.fn<() => void>();
    start({ logger: pino({ level: 'warn' }, { write: warnings }) });
    await append('run-1', 2);
    await published(2);
    expect(bus.names).toEqual(['run-1 0', 'run-1 1']);
    expect(warnings).toHaveBeenCalledTimes(1);
  });

  it('is held by one process, and taken over when its holder has been silent for the TTL by the clock of the one who waits', async () => {
    await store.putRecord('relay', { owner: 'instance-dead', epoch: 4, position: '' }, 'none');
    let now = 1_000_000;
    const looks = vi.spyOn(store, 'getRecord');
    const looksAgain = async () => {
      const before = looks.mock.calls.length;
      await eventually(() => expect(looks.mock.calls.length).toBeGreaterThan(before + 1));
    };
    const relay = start({ leaseTtlMs: 100, monotonicNow: () => now });
    await append('run-1');
    await looksAgain();
    await new Promise((resolve) => setTimeout(resolve, 150)); // real time passes; the observer's clock stands still
    now += 99;
    await looksAgain();
    expect(relay.stats().holding).toBe(false);
    now += 1;
    await published(1);
    expect(await record()).toMatchObject({ owner: 'instance-a', epoch: 5 });
  });

  it('takes a role that a crash has left at once, where no other process can be alive', async () => {
    await store.putRecord('relay', { owner: 'instance-dead', epoch: 4, position: '' }, 'none');
    await append('run-1');
    start({ soleInstance: true, monotonicNow: () => 0 });
    await published(1);
    expect(await record()).toMatchObject({ owner: 'instance-a', epoch: 5 });
  });

  it('does not take over from a holder that renews', async () => {
    start({ leaseTtlMs: 200 });
    await append('run-1');
    await published(1);
    let now = 0;
    const other = start({ leaseTtlMs: 200, instanceId: 'instance-b', bus: new RecordingBus(), monotonicNow: () => now });
    for (let renewals = 0; renewals < 6; renewals++) {
      const before = await store.getRecord('relay');
      await eventually(async () => expect((await store.getRecord('relay'))?.revision).not.toBe(before?.revision));
      now += 150; // less than the TTL since each change, and far more in all
    }
    expect(other.stats().taken).toBe(0);
  });

  it('stops publishing when another process has taken the role, and skips nothing between the two', async () => {
    let now = 0;
    const relay = start({ leaseTtlMs: 80, monotonicNow: () => now });
    await append('run-1', 3);
    await published(3);
    await eventually(async () => {
      const current = await store.getRecord('relay');
      await store.putRecord('relay', { owner: 'instance-b', epoch: 2, position: '' }, current?.revision ?? 'none');
    });
    now += 20; // it is time to renew, which fails
    await eventually(() => expect(relay.stats().holding).toBe(false));
    await append('run-1', 2);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(bus.names).toEqual(['run-1 0', 'run-1 1', 'run-1 2']);
    // Nobody renews for instance-b: the role comes back after the TTL, from the position that the record has.
    const looks = vi.spyOn(store, 'getRecord');
    await eventually(() => expect(looks.mock.calls.length).toBeGreaterThan(1));
    now += 80;
    await published(8);
    expect(bus.names.slice(3)).toEqual(['run-1 0', 'run-1 1', 'run-1 2', 'run-1 3', 'run-1 4']);
    expect(relay.stats().taken).toBe(2);
  });

  it('starts again after a failure of the store', async () => {
    let failures = 1;
    const flaky = new Proxy(store, {
      get(target, property) {
        if (property === 'subscribe' && failures-- > 0) throw new Error('the store is away');
        const value: unknown = Reflect.get(target, property, target);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
    await append('run-1', 2);
    start({ store: flaky });
    await published(2);
    expect(failures).toBeLessThan(1);
  });

  it('starts from the beginning when its record cannot be read', async () => {
    await append('run-1', 2);
    await store.putRecord('relay', 'not what a relay writes', 'none');
    start();
    await published(2);
    expect(await record()).toMatchObject({ owner: 'instance-a', epoch: 1 });
  });
});
