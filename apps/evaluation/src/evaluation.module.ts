import { Module } from '@nestjs/common';
import { stepsModule } from '@refit/service';
import { EvaluateModelStep } from './evaluate-model.step.js';
import { JudgeModelStep } from './judge-model.step.js';

/** Measures each trained model, and decides whether it may be registered. */
@Module({ imports: [stepsModule(EvaluateModelStep, JudgeModelStep)] })
export class EvaluationModule {}
