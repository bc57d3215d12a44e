export * from './command-handling.js';
export * from './follow-log.js';
export * from './heartbeat.js';
export * from './logger.js';
export * from './open-runs.js';
export * from './pipeline-specs.js';
export * from './step.js';
export * from './step-engine.js';
export type { AbortReason } from './step-runner.js';
