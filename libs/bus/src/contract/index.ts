export * from './bus-contract.js';
