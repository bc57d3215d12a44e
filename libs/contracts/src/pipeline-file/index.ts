export { parsePipelineFile, type PipelineFileOrigin } from './parse-pipeline-file.js';
export { defaultDataGate } from './to-spec.js';
