import 'reflect-metadata';
import { runService } from '@refit/service';
import { evaluationService } from './evaluation.definition.js';

await runService(evaluationService);
