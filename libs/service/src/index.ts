export * from './error-filter.js';
export * from './event-loop.js';
export * from './grpc/grpc-host.js';
export * from './grpc/package-definition.js';
export * from './runtime.js';
export * from './start-service.js';
export * from './steps-module.js';
