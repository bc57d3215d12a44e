import { join } from 'node:path';
import { Controller, Inject, Injectable, Module, type DynamicModule, type OnApplicationBootstrap, type OnApplicationShutdown, type Type } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { BusContext } from '@refit/bus/nest';
import { openProjection, openRunsProjection, openRunsQueries } from '@refit/projections';
import { dueMakingTypes } from '@refit/run';
import { pipelineSpecs, StepEngine, type StepHandler } from '@refit/saga';
import { readModelsFolder, RUNTIME, type Runtime } from './runtime.js';

const STEP_HANDLERS = Symbol('STEP_HANDLERS');

/** Runs a service's steps: its read model of the open runs, and the engine that claims and does them. */
@Injectable()
class Steps implements OnApplicationBootstrap, OnApplicationShutdown {
  #running: { readonly engine: StepEngine; readonly openRuns: { stop(): Promise<void> } } | undefined;

  constructor(
    @Inject(RUNTIME) private readonly runtime: Runtime,
    @Inject(STEP_HANDLERS) private readonly handlers: readonly StepHandler[],
  ) {}

  get engine(): StepEngine | undefined {
    return this.#running?.engine;
  }

  async onApplicationBootstrap(): Promise<void> {
    const { config, store, instanceId, predecessor, soleInstance, logger } = this.runtime;
    // One file for all services of a process: whichever is ahead applies an event, the others pass over it.
    const file = join(readModelsFolder(this.runtime), 'open-runs.sqlite');
    const openRuns = await openProjection({ file, projection: openRunsProjection, store, logger });
    const engine = new StepEngine({
      ...config, store, instanceId, ...(predecessor !== undefined && { predecessor }), soleInstance, logger,
      handlers: this.handlers, openRuns: openRunsQueries(openRuns.db), specs: pipelineSpecs(store),
    });
    engine.start();
    this.#running = { engine, openRuns };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#running?.engine.stop();
    await this.#running?.openRuns.stop();
  }
}

@Controller()
class StepHints {
  constructor(private readonly steps: Steps) {}

  @EventPattern<string[]>([...dueMakingTypes])
  hint(@Payload() _data: unknown, @Ctx() context: BusContext): void {
    this.steps.engine?.hint(context.getMessage());
  }
}

@Module({})
class StepsModule {}

/** What a service imports to take part in the saga with these steps. */
export function stepsModule(...handlers: readonly Type<StepHandler>[]): DynamicModule {
  return {
    module: StepsModule,
    controllers: [StepHints],
    providers: [...handlers, Steps, { provide: STEP_HANDLERS, useFactory: (...instances: StepHandler[]) => instances, inject: [...handlers] }],
  };
}
