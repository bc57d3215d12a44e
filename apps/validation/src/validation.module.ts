import { Module } from '@nestjs/common';
import { stepsModule } from '@refit/service';
import { DriftController } from './drift/drift.controller.js';
import { OffendersController } from './expectations/offenders.controller.js';
import { DecisionsController } from './schema/decisions.controller.js';
import { SchemasController } from './schema/schemas.controller.js';
import { ValidateDataStep } from './validate-data.step.js';

/** The data gate; answers ValidationService, where people see what it measured and found, and decide on it. */
@Module({ imports: [stepsModule(ValidateDataStep)], controllers: [SchemasController, DecisionsController, OffendersController, DriftController] })
export class ValidationModule {}
