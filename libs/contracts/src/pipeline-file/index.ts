export { invalidFile, parsePipelineFile, type PipelineFileOrigin, type PlacedExpression } from './parse-pipeline-file.js';
export { defaultDataGate } from './to-spec.js';
export { boundOf } from './check-expectations.js';
export { parseExpectationsFile } from './parse-expectations-file.js';
