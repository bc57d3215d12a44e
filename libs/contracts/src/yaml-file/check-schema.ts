import type { ErrorObject } from 'ajv';
import { pathText, type Fault, type FaultPath } from './fault.js';
import { didYouMean, nearest } from './nearest.js';

/** A JSON Schema (2020-12), as far as messages read it. */
export interface JsonSchema {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, JsonSchema>>;
  readonly [keyword: string]: unknown;
}

export interface SchemaCheck {
  /** Compiled from the schema by Ajv, with every error and what it was found in. */
  readonly validate: { (value: unknown): boolean; errors?: ErrorObject[] | null };
  /** Called when something is wrong only. */
  readonly schema: () => JsonSchema;
  /** How a value is quoted in a message; `schema` is what it had to be like. */
  readonly show?: (value: unknown, schema: JsonSchema) => string;
}

/** Everything in a value that breaks a schema, in words: the titles and examples of the schema say what was expected. */
export function schemaCheck({ validate, schema, show = shown }: SchemaCheck): (value: unknown) => readonly Fault[] {
  return (value) => {
    if (validate(value)) return [];
    const errors = validate.errors ?? [];
    const inWords = faultOf(schema(), show);
    const faults = errors.filter((e) => !isEcho(e, errors)).map(inWords);
    return faults.filter((fault, i) => faults.findIndex((other) => other.message === fault.message && pathText(other.path) === pathText(fault.path)) === i);
  };
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

const faultOf = (schema: JsonSchema, show: NonNullable<SchemaCheck['show']>) => (error: ErrorObject): Fault => {
  const path = pathOf(error);
  const expected: JsonSchema = error.parentSchema ?? {};
  switch (error.keyword) {
    case 'additionalProperties': {
      const key = String(error.params['additionalProperty']);
      const known = knownKeys(error);
      const meant = nearest(key, known);
      return { path: [...path, key], at: 'key', message: `unknown key.${didYouMean(key, known)} Known here: ${known.join(', ')}`, ...(meant !== undefined && { meant }) };
    }
    case 'required': {
      const key = String(error.params['missingProperty']);
      return { path: [...path, key], at: 'key', message: `missing; expected ${expectation(propertiesOf(error)[key], schema)}` };
    }
    case 'oneOf':
      return { path, at: 'value', message: `expected exactly one of ${listed(alternatives(error))}; found ${conditions(error)}` };
    case 'uniqueItems': {
      const index = Number(error.params['i']);
      return { path: [...path, index], at: 'value', message: `${show((error.data as unknown[])[index], expected)} stands twice in the list; keep one` }; // uniqueItems judges arrays
    }
    default:
      return { path, at: 'value', message: `expected ${expectation(expected, schema)}${bound(error)}; found ${show(error.data, expected)}.${suggestion(error)}` };
  }
};

/** The keys of which a `oneOf` wants exactly one. */
const alternatives = (error: ErrorObject): readonly string[] => (error.schema as readonly { required?: readonly string[] }[]).flatMap(({ required = [] }) => required); // the schemas are ours

function conditions(error: ErrorObject): string {
  const found = alternatives(error).filter((key) => isMapping(error.data) && Object.hasOwn(error.data, key));
  return found.length === 0 ? 'none' : found.join(' and ');
}

const listed = (names: readonly string[]) => `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;

function expectation(part: unknown, schema: JsonSchema): string {
  if (!isMapping(part)) return 'a value';
  const { $ref, const: constant, enum: choices, title, examples, type } = part;
  if (typeof $ref === 'string') return expectation(schema.$defs?.[$ref.replace('#/$defs/', '')], schema);
  if (constant !== undefined) return JSON.stringify(constant);
  if (Array.isArray(choices)) return `one of ${choices.join(', ')}`;
  if (typeof title === 'string') return Array.isArray(examples) ? `${title}, such as ${examples.join(', ')}` : title;
  return type === 'boolean' ? 'true or false' : type === 'object' ? 'a mapping' : type === 'array' ? 'a list' : 'text';
}

/** What a title does not say: how long, how many, how large. */
function bound(error: ErrorObject): string {
  switch (error.keyword) {
    case 'maxLength': return ` of at most ${error.params['limit']} characters`;
    case 'minLength': return ' that is not empty';
    case 'maxItems': return ` of at most ${error.params['limit']}`;
    case 'minItems': return ` with at least ${error.params['limit'] === 1 ? 'one' : error.params['limit']} in it`;
    case 'maximum': return error.params['limit'] === 0 || String(error.parentSchema?.['title']).includes(String(error.params['limit'])) ? '' : ` up to ${error.params['limit']}`;
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
const pathOf = (error: ErrorObject): FaultPath =>
  error.instancePath
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part));
