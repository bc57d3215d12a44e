import { readFileSync } from 'node:fs';
import { validate } from '../../gen/validate-pipeline.js';
import { RefitError, type ErrorDetail, type Place } from '../errors.js';
import type { PipelineSpec } from '../gen/refit/pipeline/v1/spec_pb.js';
import { schemaCheck, type JsonSchema } from '../yaml-file/check-schema.js';
import { readYaml } from '../yaml-file/read-yaml.js';
import { checkMeaning } from './check-meaning.js';
import { writtenExpressions, type WrittenExpression } from './expressions.js';
import { pathText, type PipelineFault } from './fault.js';
import type { PipelineFile } from './pipeline-file.js';
import { toSpec } from './to-spec.js';

export interface PipelineFileOrigin {
  /** Shown in errors. */
  readonly fileName: string;
  /** Absolute; relative source paths start here. */
  readonly baseDirectory: string;
}

const kind = { single: 'a pipeline file holds one pipeline', start: 'a pipeline file starts with "version: refit/v1"' };

/** More faults than this are counted, not listed. */
const maximumFaults = 50;

/**
 * A pipeline file (refit/v1, YAML) as the pipeline that runs: every default written out, durations in milliseconds,
 * source paths absolute. What may stand in it is published as pipeline.schema.json.
 *
 * @throws RefitError PIPELINE_FILE_INVALID with every fault at once in `details`: its file, line and column (from 1),
 *   what was expected and what stands there
 * @returns the pipeline; and SQL and patterns in it, which were not looked into: that takes who executes them
 */
export function parsePipelineFile(text: string, origin: PipelineFileOrigin): { spec: PipelineSpec; expressions: readonly PlacedExpression[] } {
  const yaml = readYaml(text, kind);
  if (yaml.value === undefined) throw invalidFile(origin, yaml.faults);
  const misshapen = checkSchema(yaml.value);
  const faults = [...misshapen, ...checkMeaning(yaml.value, misshapen)];
  if (yaml.faults.length + faults.length > 0) {
    const inWords = ({ path, at, message }: PipelineFault) => ({ ...yaml.place(path, at), message: path.length === 0 ? message : `${pathText(path)}: ${message}` });
    throw invalidFile(origin, [...yaml.faults, ...faults.map(inWords)]);
  }
  const file = yaml.value as PipelineFile; // it passed the schema
  const expressions = writtenExpressions(file).map(({ path, ...written }) => ({ ...written, path: pathText(path), place: yaml.place(path, 'value') }));
  return { spec: toSpec(file, origin.baseDirectory), expressions };
}

/** SQL or a pattern, and where it stands. */
export interface PlacedExpression extends Omit<WrittenExpression, 'path'> {
  /** `dataGate.expectations[3].sql` */
  readonly path: string;
  readonly place: Place;
}

/** Everything in a pipeline file that breaks pipeline.schema.json, in words. */
export const checkSchema = schemaCheck({
  validate,
  schema: () => (schema ??= JSON.parse(readFileSync(new URL('../../pipeline.schema.json', import.meta.url), 'utf8')) as JsonSchema), // it is one
});

let schema: JsonSchema | undefined;

/** Every fault with its place, in the order of the file. */
export function invalidFile({ fileName }: Pick<PipelineFileOrigin, 'fileName'>, faults: readonly ErrorDetail[]): RefitError {
  const inOrder = faults.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0));
  const details = inOrder.slice(0, maximumFaults).map((fault) => ({ file: fileName, ...fault, message: fault.message.trim() }));
  const more = faults.length > maximumFaults ? `; the first ${maximumFaults} are listed` : '';
  return new RefitError('PIPELINE_FILE_INVALID', `${fileName} has ${faults.length === 1 ? 'a fault' : `${faults.length} faults`}${more}`, { details });
}
