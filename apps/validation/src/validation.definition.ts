import { ValidationService } from '@refit/contracts';
import type { ServiceDefinition } from '@refit/service';
import { ValidationModule } from './validation.module.js';

export const validationService: ServiceDefinition = { name: 'validation', module: ValidationModule, grpc: [ValidationService] };
