import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { metricCatalogue } from '@refit/model-validation';

const root = resolve(import.meta.dirname, '..');

interface Package {
  readonly name: string;
  readonly folder: string;
  readonly layer: string;
  readonly dependencies: readonly string[];
  /** Folders of the packages that its tsconfig refers to. */
  readonly references: readonly string[];
  /** The ways in that it exports: `.`, `./sqlite`. */
  readonly exports: readonly string[];
  readonly files: readonly SourceFile[];
}

interface SourceFile {
  readonly path: string;
  readonly text: string;
  readonly imports: readonly string[];
}

const packages = ['libs', 'apps'].flatMap((kind) => readdirSync(join(root, kind)).map((name) => readPackage(join(root, kind, name))));
const byName = new Map(packages.map((p) => [p.name, p]));

/** For each layer the layers that its packages may import. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  'layer:contracts': [],
  'layer:domain': ['layer:contracts'],
  'layer:infrastructure': ['layer:contracts', 'layer:domain', 'layer:infrastructure'],
  'layer:app': ['layer:contracts', 'layer:domain', 'layer:infrastructure'],
  'layer:composition': ['layer:contracts', 'layer:domain', 'layer:infrastructure', 'layer:app'],
};

/** What each source file of each package gets wrong, as lines that say where. */
const everyFile = (judge: (file: SourceFile, of: Package) => readonly string[]) =>
  packages.flatMap((of) => of.files.flatMap((file) => judge(file, of).map((fault) => `${relative(root, file.path)}: ${fault}`)));

describe('the workspace', () => {
  it('has packages in known layers', () => {
    expect(packages.length).toBeGreaterThan(20);
    expect(packages.filter((p) => !Object.hasOwn(allowed, p.layer)).map((p) => `${p.name}: ${p.layer}`)).toEqual([]);
  });

  it('builds every package', () => {
    const built = references(root);
    expect(packages.map((p) => p.folder).filter((folder) => !built.includes(folder))).toEqual([]);
  });

  it('declares every import of another package in package.json', () => {
    expect(everyFile((file, of) => workspaceImports(file).filter((name) => name !== of.name && !of.dependencies.includes(name)).map((name) => `${name} is not a dependency`))).toEqual([]);
  });

  it('refers to every imported package in tsconfig.json', () => {
    const referred = (of: Package, name: string) => of.references.includes(byName.get(name)?.folder ?? '');
    expect(everyFile((file, of) => (isSpec(file) ? [] : workspaceImports(file).filter((name) => name !== of.name && !referred(of, name)).map((name) => `${name} is not referenced`)))).toEqual([]);
  });

  it('imports only from layers below', () => {
    const layerOf = (name: string) => byName.get(name)?.layer ?? 'unknown';
    expect(everyFile((file, of) => workspaceImports(file).filter((name) => name !== of.name && !allowed[of.layer]?.includes(layerOf(name))).map((name) => `${of.layer} imports ${name}, ${layerOf(name)}`))).toEqual([]);
  });

  it('declares only dependencies on layers below', () => {
    const wrong = packages.flatMap((of) => of.dependencies.filter((name) => byName.has(name) && !allowed[of.layer]?.includes(byName.get(name)?.layer ?? '')).map((name) => `${of.name} depends on ${name}`));
    expect(wrong).toEqual([]);
  });

  it('imports other packages only by what they export', () => {
    const unexported = (specifier: string) => {
      const [, name = '', path = ''] = /^(@refit\/[^/]+)(.*)$/.exec(specifier) ?? [];
      return byName.has(name) && !byName.get(name)?.exports.includes(`.${path}`);
    };
    expect(everyFile((file) => file.imports.filter(unexported).map((specifier) => `${specifier} is not exported`))).toEqual([]);
  });

  it('reaches into no other package by path', () => {
    const leaves = (file: SourceFile, of: Package) => file.imports.filter((i) => i.startsWith('.') && !resolve(dirname(file.path), i).startsWith(`${of.folder}/`));
    expect(everyFile((file, of) => leaves(file, of).map((i) => `imports ${i}`))).toEqual([]);
  });

  it('keeps files small', () => {
    const lines = (text: string) => text.trimEnd().split('\n').length;
    expect(everyFile((file) => (!isSpec(file) && lines(file.text) > 250 ? [`${lines(file.text)} lines; at most 250`] : []))).toEqual([]);
  });

  it('names files for what they are, in kebab-case', () => {
    const last = (path: string) => path.slice(path.lastIndexOf('/') + 1);
    const vague = /^(utils?|helpers?|common|misc|manager)\b/;
    const named = (path: string) => /^[a-z0-9]+([-.][a-z0-9]+)*\.ts$/.test(last(path)) && !vague.test(last(path)) && !relative(root, path).split('/').some((folder) => vague.test(folder));
    expect(everyFile((file) => (named(file.path) ? [] : ['give it a name that says what is in it']))).toEqual([]);
  });

  it('lets a model gate name every metric that an evaluation measures, and no other', () => {
    const schema = JSON.parse(readFileSync(join(root, 'libs/contracts/pipeline.schema.json'), 'utf8'));
    expect(schema.$defs.gate.properties.metric.enum.toSorted()).toEqual(['primary', ...metricCatalogue.map((m) => m.name)].toSorted());
  });
});

function readPackage(folder: string): Package {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const tags: readonly string[] = manifest.nx?.tags ?? [];
  return {
    name: manifest.name,
    folder,
    layer: tags.find((tag) => tag.startsWith('layer:')) ?? 'none',
    dependencies: Object.keys(manifest.dependencies ?? {}),
    references: references(folder),
    exports: Object.keys(manifest.exports ?? {}),
    files: sourceFiles(join(folder, 'src')),
  };
}

function references(folder: string): readonly string[] {
  const { references: listed = [] } = JSON.parse(withoutComments(readFileSync(join(folder, 'tsconfig.json'), 'utf8'))) as { references?: readonly { path: string }[] }; // the compiler reads it so
  return listed.map(({ path }) => resolve(folder, path));
}

/** tsconfig files may explain themselves, in lines of their own. */
function withoutComments(json: string): string {
  return json.replaceAll(/^\s*\/\/.*$/gm, '');
}

function sourceFiles(folder: string): readonly SourceFile[] {
  const paths = readdirSync(folder, { recursive: true }).map((name) => join(folder, String(name)));
  return paths
    .filter((path) => path.endsWith('.ts') && !path.includes('/gen/') && statSync(path).isFile())
    .map((path) => {
      const text = readFileSync(path, 'utf8');
      return { path, text, imports: importsOf(text) };
    });
}

/** What a file imports: statically, dynamically, or to export it again. */
function importsOf(text: string): readonly string[] {
  return Array.from(text.matchAll(/^\s*(?:import|export)\b[^'"]*?\bfrom\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)|^\s*import\s*['"]([^'"]+)['"]/gm), (match) => match[1] ?? match[2] ?? match[3] ?? '');
}

/** Names of the workspace's packages among the imports, each once. */
const workspaceImports = (file: SourceFile) => [...new Set(file.imports.flatMap((specifier) => /^@refit\/[^/]+/.exec(specifier)?.[0] ?? []))];

const isSpec = ({ path }: SourceFile) => path.endsWith('.spec.ts');
