export * from './column-table.js';
