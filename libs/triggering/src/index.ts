export * from './close-run.js';
export * from './evolve-trigger.js';
export * from './judge-reason.js';
export * from './pipeline.js';
export * from './reasons.js';
export * from './request-run.js';
export * from './start-run.js';
export * from './trigger-state.js';
