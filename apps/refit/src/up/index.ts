export * from './config.js';
export * from './system.js';
export * from './up.js';
