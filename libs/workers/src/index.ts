export * from './piscina-worker-pool.js';
export * from './worker-pool.js';
