import type { ServiceDefinition } from '@refit/service';
import { IngestionModule } from './ingestion.module.js';

export const ingestionService: ServiceDefinition = { name: 'ingestion', module: IngestionModule };
