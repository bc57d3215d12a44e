import { readFileSync } from 'node:fs';
import { validate } from '../../gen/validate-config.js';
import { schemaCheck, shown, type JsonSchema } from '../yaml-file/check-schema.js';
import { hideCredentials } from './hide-credentials.js';

/** What may stand in a configuration file, as config.schema.json is published. */
export const configSchema = (): JsonSchema => (schema ??= JSON.parse(readFileSync(new URL('../../config.schema.json', import.meta.url), 'utf8')) as JsonSchema); // it is one

let schema: JsonSchema | undefined;

/** Everything in a configuration that breaks config.schema.json, in words; secrets are not among them. */
export const checkConfig = schemaCheck({
  validate,
  schema: configSchema,
  show: (value, { writeOnly }) => (writeOnly === true ? hidden(value) : shown(typeof value === 'string' ? hideCredentials(value) : value)),
});

const hidden = (value: unknown) => (value === null ? 'nothing' : typeof value === 'string' ? 'text, which is not shown' : `something else (${typeof value}), which is not shown`);
