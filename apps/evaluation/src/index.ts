export { EvaluationModule } from './evaluation.module.js';
export * from './evaluation.definition.js';
