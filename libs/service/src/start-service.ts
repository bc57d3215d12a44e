import { Module, type DynamicModule, type INestApplication, type Type } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, NestFactory } from '@nestjs/core';
import type { DescService } from '@bufbuild/protobuf';
import type { Application } from 'express';
import { BusStrategy } from '@refit/bus/nest';
import { AuthGuard } from './auth/auth.guard.js';
import { RefitErrorFilter } from './error-filter.js';
import type { GrpcHost } from './grpc/grpc-host.js';
import { nestLogger } from './nest-logger.js';
import { RUNTIME, SERVICE_NAME, type Runtime } from './runtime.js';

/** A service as it is composed: its name (consumer group, read models), its Nest module, its gRPC services, whether it has HTTP routes. */
export interface ServiceDefinition {
  readonly name: string;
  readonly module: Type;
  readonly grpc?: readonly DescService[];
  readonly http?: boolean;
}

@Module({})
class ServiceModule {}

/** The service as a Nest application of its own, connected to the bus and the gRPC server; HTTP is left to the caller. */
export async function startService({ name, module, grpc = [] }: ServiceDefinition, runtime: Runtime, grpcHost: GrpcHost): Promise<INestApplication> {
  const app = await NestFactory.create(rootModule(name, module, runtime), {
    logger: nestLogger(runtime.logger.child({ service: name })), abortOnError: false, bodyParser: false,
  });
  (app.getHttpAdapter().getInstance() as Application).disable('x-powered-by'); // Nest's own adapter is Express
  try {
    app.connectMicroservice({ strategy: new BusStrategy(runtime.bus, name) }, { inheritAppConfig: true });
    if (grpc.length > 0) app.connectMicroservice({ strategy: grpcHost.strategy(grpc) }, { inheritAppConfig: true });
    // What lies in the store is taken up at once: messages are only faster, and Kafka may keep a new member waiting.
    await app.init();
    await app.startAllMicroservices();
    return app;
  } catch (error) {
    await app.close().catch(() => {}); // what has begun already ends; the first error is the one that matters
    throw error;
  }
}

function rootModule(name: string, module: Type, runtime: Runtime): DynamicModule {
  return {
    module: ServiceModule,
    global: true,
    imports: [module],
    providers: [
      { provide: RUNTIME, useValue: { ...runtime, logger: runtime.logger.child({ service: name }) } },
      { provide: SERVICE_NAME, useValue: name },
      { provide: APP_FILTER, useClass: RefitErrorFilter },
      { provide: APP_GUARD, useClass: AuthGuard },
    ],
    exports: [RUNTIME, SERVICE_NAME],
  };
}
