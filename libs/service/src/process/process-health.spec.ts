import type { Bus, BusHealth, Relay } from '@refit/bus';
import type { EventStore } from '@refit/event-store';
import { describe, expect, it } from 'vitest';
import type { Runtime } from '../runtime.js';
import { ProcessHealth } from './process-health.js';

const relay: Relay = { stop: async () => {}, stats: () => ({ holding: true, published: 3, position: '7', taken: 1 }) };

/** A process that is up, whose store answers so and whose bus is so. */
function up(head: () => Promise<undefined>, bus: BusHealth = { ok: true }, notWritten?: string): ProcessHealth {
  const health = new ProcessHealth({ services: ['training'], instanceName: 'training-2' });
  const store: Pick<EventStore, 'head'> = { head };
  const ofBus: Pick<Bus, 'health'> = { health: () => bus };
  health.opened({ instanceId: 'i', store, bus: ofBus } as Partial<Runtime> as Runtime, { why: notWritten }); // all that it looks at
  health.up(relay);
  return health;
}
const answers = async () => undefined;

describe('the health of a process', () => {
  it('is well when the store answers and messages flow, and tells who it is', async () => {
    expect(await up(answers).report()).toMatchObject({ status: 'ok', why: [], services: ['training'], instanceName: 'training-2', instanceId: 'i', relay: { holding: true, position: '7' } });
  });

  it.each([
    ['the store refuses', up(() => Promise.reject(new Error('the log is locked'))), 'the log is locked'],
    ['the store can only be read', up(answers, { ok: true }, 'the event store cannot be written: the disk is full'), 'the event store cannot be written: the disk is full'],
    ['messages do not flow', up(answers, { ok: false, why: 'Kafka is away' }), 'Kafka is away'],
  ])('is not when %s', async (_case, health, why) => {
    expect(await health.report()).toMatchObject({ status: 'unwell', why: [why] });
  });

  it('is not when the store says nothing', async () => {
    expect(await up(() => new Promise(() => {})).report()).toMatchObject({ status: 'unwell', why: ['the event store has not answered for 2 s'] });
  });

  it('is starting until it is up, and tells what it waits for', async () => {
    const health = new ProcessHealth({ services: ['training'] });
    health.waiting('KurrentDB', 'waiting for KurrentDB: no answer');
    expect(await health.report()).toEqual(expect.objectContaining({ status: 'starting', why: ['waiting for KurrentDB: no answer'] }));
    health.waiting('KurrentDB', undefined);
    expect(await health.report()).toMatchObject({ status: 'starting', why: [] });
  });

  it('is stopping at the end', async () => {
    const health = up(answers);
    health.stopping();
    expect(await health.report()).toMatchObject({ status: 'stopping' });
  });
});
