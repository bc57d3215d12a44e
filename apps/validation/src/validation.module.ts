import { Module } from '@nestjs/common';
import { stepsModule } from '@refit/service';
import { ValidateDataStep } from './validate-data.step.js';

/** The data gate. */
@Module({ imports: [stepsModule(ValidateDataStep)] })
export class ValidationModule {}
