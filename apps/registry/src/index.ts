export { RegistryModule } from './registry.module.js';
export * from './registry.definition.js';
