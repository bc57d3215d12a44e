import 'reflect-metadata';
import { runService } from '@refit/service';
import { triggerService } from './trigger.definition.js';

await runService(triggerService);
