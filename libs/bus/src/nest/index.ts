export * from './bus-context.js';
export * from './bus-strategy.js';
