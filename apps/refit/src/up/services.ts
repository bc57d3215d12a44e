import { AdminService, RegistryService } from '@refit/contracts';
import { EvaluationModule } from '@refit/evaluation';
import { IngestionModule } from '@refit/ingestion';
import { RegistryModule } from '@refit/registry';
import type { ServiceDefinition } from '@refit/service';
import { TrainingModule } from '@refit/training';
import { TriggerModule } from '@refit/trigger';
import { ValidationModule } from '@refit/validation';

/** Every service, in the order in which they start; they stop the other way round. */
export const services: readonly ServiceDefinition[] = [
  { name: 'registry', module: RegistryModule, grpc: [RegistryService] },
  { name: 'evaluation', module: EvaluationModule },
  { name: 'training', module: TrainingModule },
  { name: 'validation', module: ValidationModule },
  { name: 'ingestion', module: IngestionModule },
  { name: 'trigger', module: TriggerModule, grpc: [AdminService] },
];
