export * from './decide-run.js';
export * from './evolve-run.js';
export * from './plan.js';
export * from './run-decider.js';
export * from './run-state.js';
