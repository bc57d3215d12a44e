export { TrainingModule } from './training.module.js';
export * from './training.definition.js';
