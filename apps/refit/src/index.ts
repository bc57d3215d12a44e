export * from './client/index.js';
export * from './up/config.js';
export * from './up/system.js';
export * from './examples/play-example.js';
export * from './story/narrator.js';
