import type { ServiceDefinition } from '@refit/service';
import { TrainingModule } from './training.module.js';

export const trainingService: ServiceDefinition = { name: 'training', module: TrainingModule };
