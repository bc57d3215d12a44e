export * from './client/index.js';
export * from './up/config.js';
export * from './up/system.js';
