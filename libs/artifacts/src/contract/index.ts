export * from './artifact-store-contract.js';
