export * from './validate-data.step.js';
export * from './validation.module.js';
export * from './validation.definition.js';
