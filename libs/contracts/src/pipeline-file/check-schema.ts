import { readFileSync } from 'node:fs';
import type { ErrorObject } from 'ajv';
import { validate } from '../../gen/validate-pipeline.js';
import type { PipelineFault, PipelineFaultPath } from './fault.js';
import { didYouMean, nearest } from './nearest.js';

/** Everything in a pipeline file that breaks pipeline.schema.json, in words. */
export function checkSchema(value: unknown): readonly PipelineFault[] {
  if (validate(value)) return [];
  const errors = validate.errors ?? [];
  return errors.filter((e) => !isEcho(e, errors)).map(fault);
}

/** True for an error that only repeats what another one says better. */
function isEcho(error: ErrorObject, all: readonly ErrorObject[]): boolean {
  if (error.keyword === 'if' || /\/oneOf\/\d/.test(error.schemaPath)) return true;
  const unknownKeys = all.filter((e) => e.keyword === 'additionalProperties' && e.instancePath === error.instancePath);
  if (error.keyword === 'oneOf') return !isMapping(error.data) || unknownKeys.length > 0;
  // "lable" is unknown, so "label" is missing: one fault, not two.
  if (error.keyword === 'required') return unknownKeys.some((e) => nearest(String(e.params['additionalProperty']), knownKeys(e)) === error.params['missingProperty']);
  return false;
}

function fault(error: ErrorObject): PipelineFault {
  const path = pathOf(error);
  switch (error.keyword) {
    case 'additionalProperties': {
      const key = String(error.params['additionalProperty']);
      const known = knownKeys(error);
      const meant = nearest(key, known);
      return { path: [...path, key], at: 'key', message: `unknown key.${didYouMean(key, known)} Known here: ${known.join(', ')}`, ...(meant !== undefined && { meant }) };
    }
    case 'required': {
      const key = String(error.params['missingProperty']);
      return { path: [...path, key], at: 'key', message: `missing; expected ${expectation(propertiesOf(error)[key])}` };
    }
    case 'oneOf':
      return { path, at: 'value', message: `expected exactly one of atLeast, atMost and notWorseThanChampionBy; found ${conditions(error.data)}` };
    case 'uniqueItems': {
      const index = Number(error.params['i']);
      return { path: [...path, index], at: 'value', message: `${shown((error.data as unknown[])[index])} stands twice in the list; keep one` }; // uniqueItems judges arrays
    }
    default:
      return { path, at: 'value', message: `expected ${expectation(error.parentSchema)}${bound(error)}; found ${shown(error.data)}.${suggestion(error)}` };
  }
}

function conditions(data: unknown): string {
  const found = ['atLeast', 'atMost', 'notWorseThanChampionBy'].filter((k) => Object.hasOwn(data as object, k)); // only mappings come here
  return found.length === 0 ? 'none' : found.join(' and ');
}

function expectation(schema: unknown): string {
  if (!isMapping(schema)) return 'a value';
  const { $ref, const: constant, enum: choices, title, examples, type } = schema;
  if (typeof $ref === 'string') return expectation(definition($ref));
  if (constant !== undefined) return JSON.stringify(constant);
  if (Array.isArray(choices)) return `one of ${choices.join(', ')}`;
  if (typeof title === 'string') return Array.isArray(examples) ? `${title}, such as ${examples.join(', ')}` : title;
  return type === 'boolean' ? 'true or false' : type === 'object' ? 'a mapping' : type === 'array' ? 'a list' : 'text';
}

function definition($ref: string): unknown {
  schema ??= JSON.parse(readFileSync(new URL('../../pipeline.schema.json', import.meta.url), 'utf8'));
  return isMapping(schema) && isMapping(schema['$defs']) ? schema['$defs'][$ref.replace('#/$defs/', '')] : undefined;
}

let schema: unknown;

/** What a title does not say: how long, how many, how large. */
function bound(error: ErrorObject): string {
  switch (error.keyword) {
    case 'maxLength': return ` of at most ${error.params['limit']} characters`;
    case 'minLength': return ' that is not empty';
    case 'maxItems': return ` of at most ${error.params['limit']}`;
    case 'minItems': return ' with at least one in it';
    case 'maximum': return error.params['limit'] === 0 ? '' : ` up to ${error.params['limit']}`;
    default: return '';
  }
}

const suggestion = (error: ErrorObject) => (Array.isArray(error.params['allowedValues']) ? didYouMean(error.data, error.params['allowedValues'].map(String)) : error.keyword === 'const' ? didYouMean(error.data, [String(error.params['allowedValue'])]) : '');

const propertiesOf = (error: ErrorObject): Record<string, unknown> => (error.parentSchema?.['properties'] as Record<string, unknown> | undefined) ?? {}; // the schema is ours
const knownKeys = (error: ErrorObject) => Object.keys(propertiesOf(error));

/** A value as the reader of a message knows it, cut to a line. */
export function shown(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : `a list of ${value.length}`;
  if (isMapping(value)) return 'a mapping';
  if (typeof value !== 'string') return `${value as number | boolean | bigint}`; // what YAML can hold besides
  return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
}

const isMapping = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** A JSON pointer as keys and indexes. */
const pathOf = (error: ErrorObject): PipelineFaultPath =>
  error.instancePath
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part));
