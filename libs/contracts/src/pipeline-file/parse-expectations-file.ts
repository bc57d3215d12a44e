import { create } from '@bufbuild/protobuf';
import { RefitError } from '../errors.js';
import { ExpectationSchema, type Expectation } from '../gen/refit/pipeline/v1/spec_pb.js';
import { readYaml } from '../yaml-file/read-yaml.js';
import { checkExpectations } from './check-expectations.js';
import { expectation } from './expectations.js';
import { pathText, type PipelineFault } from './fault.js';
import { checkSchema, invalidFile, parsePipelineFile, type PipelineFileOrigin } from './parse-pipeline-file.js';
import type { DataGateMapping } from './pipeline-file.js';

const kind = { single: 'one file holds one list of expectations', start: 'it holds a list of expectations, or a mapping {expectations}, or a pipeline' };

/**
 * The expectations of a YAML file: a list as under `dataGate.expectations`, a mapping {expectations: list}, or a whole
 * pipeline file, whose expectations are taken.
 *
 * @throws RefitError PIPELINE_FILE_INVALID with every fault at once, REQUEST_INVALID where there is no expectation in it
 */
export function parseExpectationsFile(text: string, origin: PipelineFileOrigin): readonly Expectation[] {
  const yaml = readYaml(text, kind);
  if (yaml.value === undefined) throw invalidFile(origin, yaml.faults);
  if (isPipeline(yaml.value)) return someOf(parsePipelineFile(text, origin).spec.dataGate?.expectations ?? [], origin);
  const isList = Array.isArray(yaml.value);
  const wrapped = pipelineWith(isList ? { expectations: yaml.value } : yaml.value);
  const misshapen = checkSchema(wrapped);
  const faults = misshapen.length > 0 ? misshapen : checkExpectations(wrapped);
  if (yaml.faults.length + faults.length > 0) {
    const inWords = ({ path, at, message }: PipelineFault) => {
      const here = path.slice(isList ? 2 : 1);
      return { ...yaml.place(here, at), message: here.length === 0 ? message : `${pathText(here)}: ${message}` };
    };
    throw invalidFile(origin, [...yaml.faults, ...faults.map(inWords)]);
  }
  return someOf((wrapped.dataGate.expectations ?? []).map((written) => create(ExpectationSchema, expectation(written))), origin);
}

const isPipeline = (value: unknown): boolean => typeof value === 'object' && value !== null && ['version', 'dataGate', 'trainer'].some((key) => Object.hasOwn(value, key));

/** So that the schema of pipeline files judges what stands here; only what it finds wrong there is ever seen. */
const pipelineWith = (gate: unknown) =>
  ({ version: 'refit/v1', name: 'expectations', source: 'data', label: 'label', trainer: 'linear', dataGate: gate as DataGateMapping }); // the schema judges it

function someOf(expectations: readonly Expectation[], { fileName }: PipelineFileOrigin): readonly Expectation[] {
  if (expectations.length > 0) return expectations;
  throw new RefitError('REQUEST_INVALID', `${fileName} has no expectation in it; list them as under dataGate.expectations of a pipeline file`);
}
