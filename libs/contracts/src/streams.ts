/** Names of the event streams. Each has one owner, the only service that appends to it. */
export const runStream = (runId: string) => `run-${runId}`;
export const pipelineStream = (pipeline: string) => `pipeline-${pipeline}`;
export const triggerStream = (pipeline: string) => `trigger-${pipeline}`;
export const datasetStream = (dataset: string) => `dataset-${dataset}`;
export const schemaStream = (dataset: string) => `schema-${dataset}`;
/** What is kept of rows that broke expectations. */
export const offendersStream = (dataset: string) => `offenders-${dataset}`;
export const modelStream = (model: string) => `model-${model}`;
export const deadLetterStream = 'dead-letters';

export const heartbeatRecord = (instanceId: string) => `heartbeat-${instanceId}`;
export const progressRecord = (runId: string) => `progress-${runId}`;

/** The part of a stream's name after its kind: `run-0190…` → `0190…`. */
export const streamSubject = (stream: string) => stream.slice(stream.indexOf('-') + 1);
