export { TriggerModule } from './trigger.module.js';
export * from './trigger.definition.js';
