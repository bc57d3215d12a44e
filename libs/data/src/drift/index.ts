export * from './exact-drift.js';
export * from './pooled-rows.js';
