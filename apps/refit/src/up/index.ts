export * from './config.js';
export * from './data-directory.js';
export * from './system.js';
export * from './up.js';
