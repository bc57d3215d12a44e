export * from './merge-statistics.js';
export * from './partition-summary.js';
export { distinctHashes } from './merge-distinct.js';
export { mergeMoments, type PartialMoments } from './merge-moments.js';
