export * from './ingest-data.step.js';
export * from './ingestion.module.js';
export * from './ingestion.definition.js';
