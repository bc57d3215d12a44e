import 'reflect-metadata';
import { Controller, Module, type INestMicroservice } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Ctx, EventPattern, MessagePattern, Payload } from '@nestjs/microservices';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Bus, BusHandler } from '../bus.js';
import { embeddedBus, type EmbeddedBus } from '../embedded/index.js';
import { sampleMessage } from '../testing/index.js';
import { BusContext } from './bus-context.js';
import { BusStrategy } from './bus-strategy.js';

const eventually = <T>(check: () => T | Promise<T>) => vi.waitFor(check, { timeout: 10_000, interval: 5 });

const ingested = 'refit.run.v1.DataIngested';
const trained = 'refit.run.v1.ModelTrained';

const seen = vi.fn<(handler: string, payload: unknown, context: BusContext) => Promise<void>>();

@Controller()
class ValidationController {
  @EventPattern<string>(ingested)
  async validate(@Payload() payload: unknown, @Ctx() context: BusContext) {
    await seen('validate', payload, context);
  }

  @EventPattern<string>(trained)
  async evaluate(@Payload() payload: unknown, @Ctx() context: BusContext) {
    await seen('evaluate', payload, context);
  }
}

@Controller()
class ProfilingController {
  @EventPattern<string>(ingested)
  async profile(@Payload() payload: unknown, @Ctx() context: BusContext) {
    await seen('profile', payload, context);
  }
}

@Module({ controllers: [ValidationController, ProfilingController] })
class ValidationModule {}

describe('the transport strategy of the bus, in a Nest application', () => {
  let bus: EmbeddedBus;
  let strategy: BusStrategy;
  let app: INestMicroservice;

  beforeEach(async () => {
    seen.mockReset().mockResolvedValue();
    bus = embeddedBus({ logger: pino({ level: 'silent' }) });
    strategy = new BusStrategy(bus, 'validation');
    app = await NestFactory.createMicroservice(ValidationModule, { strategy, logger: false });
    await app.listen();
  });
  afterEach(async () => {
    await app.close();
    await bus.close();
  });

  it('calls the handler of an event with its data and the whole message', async () => {
    const message = sampleMessage({ type: trained, data: { trainer: 'TRAINER_KIND_GBDT' }, stream: 'run-9', revision: 5, position: '77' });
    await bus.publish([message]);
    await eventually(() => expect(seen).toHaveBeenCalledTimes(1));
    const [handler, payload, context] = seen.mock.calls[0]!;
    expect([handler, payload]).toEqual(['evaluate', { trainer: 'TRAINER_KIND_GBDT' }]);
    expect(context).toBeInstanceOf(BusContext);
    expect(context.getMessage()).toEqual(message);
  });

  it('calls every handler of a type', async () => {
    await bus.publish([sampleMessage({ type: ingested })]);
    await eventually(() => expect(seen).toHaveBeenCalledTimes(2));
    expect(seen.mock.calls.map(([handler]) => handler).sort()).toEqual(['profile', 'validate']);
  });

  it('reports a handler that throws to the bus and goes on', async () => {
    seen.mockRejectedValueOnce(new Error('fails on purpose'));
    await bus.publish([sampleMessage({ type: trained }), sampleMessage({ type: trained })]);
    await eventually(() => expect(bus.stats().handled).toBe(2));
    expect(bus.stats().failed).toBe(1);
    expect(seen).toHaveBeenCalledTimes(2);
  });

  it('on close waits for the handlers under way and takes nothing more', async () => {
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    let ended = false;
    seen.mockImplementation(async () => {
      await released;
      ended = true;
    });
    await bus.publish([sampleMessage({ type: trained })]);
    await eventually(() => expect(seen).toHaveBeenCalledTimes(1));
    const closing = app.close();
    await bus.publish([sampleMessage({ type: trained })]);
    release();
    await closing;
    expect(ended).toBe(true);
    expect(seen).toHaveBeenCalledTimes(1);
  });
});

describe('the transport strategy of the bus', () => {
  const deliverTo: { handler?: BusHandler } = {};
  const overeagerBus: Bus = {
    publish: async () => {},
    subscribe: async (_group, _types, handler) => {
      deliverTo.handler = handler;
      return async () => {};
    },
    health: () => ({ ok: true }),
    close: async () => {},
  };

  it('acknowledges and counts messages of a type it has no handler for', async () => {
    const strategy = new BusStrategy(overeagerBus, 'validation');
    const app = await NestFactory.createMicroservice(ValidationModule, { strategy, logger: false });
    await app.listen();
    await deliverTo.handler?.(sampleMessage({ type: 'refit.run.v9.NotYetInvented' }));
    expect(strategy.unknownTypes).toBe(1);
    await app.close();
  });

  it('fails to listen when the bus is closed', async () => {
    const bus = embeddedBus({ logger: pino({ level: 'silent' }) });
    await bus.close();
    const app = await NestFactory.createMicroservice(ValidationModule, { strategy: new BusStrategy(bus, 'validation'), logger: false });
    await expect(app.listen()).rejects.toThrow('the bus is closed');
  });

  it('refuses handlers that would have to answer', async () => {
    @Controller()
    class AskingController {
      @MessagePattern('refit.question')
      answer() {
        return 42;
      }
    }
    @Module({ controllers: [AskingController] })
    class AskingModule {}
    const app = await NestFactory.createMicroservice(AskingModule, { strategy: new BusStrategy(overeagerBus, 'asking'), logger: false });
    await expect(app.listen()).rejects.toThrow('use @EventPattern instead of @MessagePattern for refit.question');
  });
});
