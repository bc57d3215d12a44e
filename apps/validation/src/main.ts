import 'reflect-metadata';
import { runService } from '@refit/service';
import { validationService } from './validation.definition.js';

await runService(validationService);
