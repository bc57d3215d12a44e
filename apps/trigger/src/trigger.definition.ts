import { AdminService } from '@refit/contracts';
import type { ServiceDefinition } from '@refit/service';
import { TriggerModule } from './trigger.module.js';

export const triggerService: ServiceDefinition = { name: 'trigger', module: TriggerModule, grpc: [AdminService], http: true };
