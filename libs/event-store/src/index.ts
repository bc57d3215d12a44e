export * from './event-matcher.js';
export * from './event-rules.js';
export * from './event-store.js';
export * from './in-batches.js';
