import { Module } from '@nestjs/common';
import { stepsModule } from '@refit/service';
import { IngestDataStep } from './ingest-data.step.js';

@Module({ imports: [stepsModule(IngestDataStep)] })
export class IngestionModule {}
