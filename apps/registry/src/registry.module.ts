import { Module } from '@nestjs/common';
import { stepsModule } from '@refit/service';
import { ModelList } from './model-list.js';
import { RegisterModelStep } from './register-model.step.js';
import { RegistryController } from './registry.controller.js';

/** Registers accepted models, moves their aliases, and answers RegistryService. */
@Module({
  imports: [stepsModule(RegisterModelStep)],
  controllers: [RegistryController],
  providers: [ModelList],
})
export class RegistryModule {}
