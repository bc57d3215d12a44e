export { parsePipelineFile, type PipelineFileOrigin } from './parse-pipeline-file.js';
