import type { ServiceDefinition } from '@refit/service';
import { EvaluationModule } from './evaluation.module.js';

export const evaluationService: ServiceDefinition = { name: 'evaluation', module: EvaluationModule };
