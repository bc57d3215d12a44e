export * from './numeric-statistics.js';
export * from './statistics.js';
