import { configSchema, type JsonSchema } from '@refit/contracts';

/** One setting, as every place that it can be given in knows it. All of them come from config.schema.json. */
export interface Setting {
  /** Of the configuration file: `kafka.sasl.password`. */
  readonly path: string;
  /** `REFIT_KAFKA_SASL_PASSWORD`, and further spellings. */
  readonly variables: readonly [string, ...string[]];
  /** `--kafka-sasl-password`, and further spellings. */
  readonly flags: readonly [string, ...string[]];
  readonly type: 'text' | 'number' | 'boolean' | 'list';
  /** A path (or a list of them), and so relative to where it was written. */
  readonly names?: 'folder' | 'file';
  /** Never shown. */
  readonly secret: boolean;
  readonly description: string;
  /** What it has to be like, in words. */
  readonly expects: string;
  /** Of a setting that is one of a few words. */
  readonly choices?: readonly string[];
  readonly defaultValue: unknown;
  readonly examples: readonly unknown[];
  /** Of a duration. */
  readonly range?: { readonly from: string; readonly to: string };
}

/** Every setting, in the order of the schema. */
export const settings = (): readonly Setting[] => (table ??= settingsOf(configSchema(), configSchema(), []));

let table: readonly Setting[] | undefined;

/** The file that a secret may be kept in is a setting of its own, with this path. */
export const secretFilePath = ({ path }: Setting): string => `${path}File`;

function settingsOf(part: JsonSchema, root: JsonSchema, path: readonly string[]): readonly Setting[] {
  const properties = part['properties'] as Readonly<Record<string, JsonSchema>> | undefined; // the schema is ours
  if (properties === undefined) return [setting(part, root, path)];
  return Object.entries(properties).flatMap(([key, property]) => settingsOf(property, root, [...path, key]));
}

/** What the schema says of a setting beside JSON Schema's own words. */
interface Spellings {
  readonly flag?: string;
  readonly variable?: string;
  readonly from?: string;
  readonly to?: string;
}

function setting(part: JsonSchema, root: JsonSchema, path: readonly string[]): Setting {
  const shape = { ...resolved(part, root), ...part };
  const { flag, variable, from, to } = (part['x-refit'] ?? {}) as Spellings; // the schema is ours
  const words = path.flatMap((key) => key.split(/(?=[A-Z])/)).map((word) => word.toLowerCase());
  const names = namesOf(part);
  return {
    path: path.join('.'),
    variables: [`REFIT_${words.join('_').toUpperCase()}`, ...(variable === undefined ? [] : [variable])],
    flags: [`--${words.join('-')}`, ...(flag === undefined ? [] : [`--${flag}`])],
    type: typeOf(shape),
    ...(names && { names }),
    secret: shape['writeOnly'] === true,
    description: typeof shape['description'] === 'string' ? shape['description'] : '',
    expects: expectation(shape),
    ...(shape['enum'] !== undefined && { choices: shape['enum'] as readonly string[] }), // the schema is ours
    defaultValue: shape['default'],
    examples: (shape['examples'] as readonly unknown[] | undefined) ?? [], // the schema is ours
    ...(from !== undefined && to !== undefined && { range: { from, to } }),
  };
}

const resolved = ({ $ref }: JsonSchema, root: JsonSchema): JsonSchema => ($ref === undefined ? {} : (root.$defs?.[$ref.replace('#/$defs/', '')] ?? {}));

const namesOf = ({ $ref }: JsonSchema) => ($ref === '#/$defs/folder' || $ref === '#/$defs/folders' ? 'folder' : $ref === '#/$defs/file' ? 'file' : undefined);

const typeOf = ({ type }: JsonSchema) => (type === 'integer' ? 'number' : type === 'boolean' ? 'boolean' : type === 'array' ? 'list' : 'text');

const expectation = ({ enum: choices, title, type }: JsonSchema) => (Array.isArray(choices) ? `one of ${choices.join(', ')}` : typeof title === 'string' ? title : type === 'boolean' ? 'true or false' : 'text');
