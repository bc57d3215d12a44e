export * from './ingest-data.step.js';
export * from './ingestion.module.js';
