import 'reflect-metadata';
import { runService } from '@refit/service';
import { registryService } from './registry.definition.js';

await runService(registryService);
