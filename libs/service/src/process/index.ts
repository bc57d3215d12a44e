export * from './closing.js';
export * from './data-directory.js';
export * from './instance-name.js';
export type { Wrappers } from './open-runtime.js';
export type { HealthReport } from './process-health.js';
export * from './process-log.js';
export * from './start-process.js';
export * from './take-place.js';
export * from './run-service.js';
