import 'reflect-metadata';
import { runService } from '@refit/service';
import { ingestionService } from './ingestion.definition.js';

await runService(ingestionService);
