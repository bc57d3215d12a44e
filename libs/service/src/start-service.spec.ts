import 'reflect-metadata';
import { Injectable, Module, type OnApplicationBootstrap } from '@nestjs/common';
import pino from 'pino';
import { expect, it } from 'vitest';
import { GrpcHost } from './grpc/grpc-host.js';
import type { Runtime } from './runtime.js';
import { startService } from './start-service.js';

it('a service takes up its work while the bus keeps it waiting', async () => {
  const begun = Promise.withResolvers<string>();
  const joined = Promise.withResolvers<() => Promise<void>>();

  @Injectable()
  class Work implements OnApplicationBootstrap {
    onApplicationBootstrap(): void {
      begun.resolve('at work');
    }
  }
  @Module({ providers: [Work] })
  class WorkModule {}

  const bus: Pick<Runtime['bus'], 'subscribe'> = { subscribe: () => joined.promise };
  const runtime = { bus, logger: pino({ level: 'silent' }) } as unknown as Runtime; // all that a service without parts of its own needs
  const starting = startService({ name: 'work', module: WorkModule }, runtime, new GrpcHost());
  expect(await begun.promise).toBe('at work');
  expect(await Promise.race([starting, Promise.resolve('joining')])).toBe('joining');
  joined.resolve(async () => {});
  await (await starting).close();
});
