import { Module } from '@nestjs/common';
import { stepsModule } from '@refit/service';
import { TrainModelStep } from './train-model.step.js';
import { TransformDataStep } from './transform-data.step.js';

/** Transforms data and trains models on it. */
@Module({ imports: [stepsModule(TransformDataStep, TrainModelStep)] })
export class TrainingModule {}
