import { evaluationService } from '@refit/evaluation';
import { ingestionService } from '@refit/ingestion';
import { registryService } from '@refit/registry';
import type { ServiceDefinition } from '@refit/service';
import { trainingService } from '@refit/training';
import { triggerService } from '@refit/trigger';
import { validationService } from '@refit/validation';

/** Every service, in the order in which they start; they stop the other way round. */
export const services: readonly ServiceDefinition[] = [
  registryService, evaluationService, trainingService, validationService, ingestionService, triggerService,
];
