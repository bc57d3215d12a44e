export { didYouMean } from './nearest.js';
export { parsePipelineFile, type PipelineFileOrigin } from './parse-pipeline-file.js';
