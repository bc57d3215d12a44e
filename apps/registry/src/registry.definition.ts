import { RegistryService } from '@refit/contracts';
import type { ServiceDefinition } from '@refit/service';
import { RegistryModule } from './registry.module.js';

export const registryService: ServiceDefinition = { name: 'registry', module: RegistryModule, grpc: [RegistryService] };
