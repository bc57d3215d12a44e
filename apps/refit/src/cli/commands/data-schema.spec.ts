import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runProgram } from '../program.js';
import { testTerminal } from '../testing/test-terminal.js';

const folder = mkdtempSync(join(tmpdir(), 'refit-data-schema-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

async function refit(...args: readonly string[]) {
  const terminal = testTerminal();
  const code = await runProgram(args, terminal);
  return { code, text: terminal.output.join('\n'), errors: terminal.errors.join('\n') };
}

const orders = (rows: number, columns: Readonly<Record<string, (i: number) => string | number>>) =>
  [Object.keys(columns).join(','), ...Array.from({ length: rows }, (_, i) => Object.values(columns).map((value) => value(i)).join(','))].join('\n');
const usual = { order: (i: number) => `o-${i}`, price: (i: number) => (i % 50) + 0.5, city: (i: number) => ['Bern', 'Genf'][i % 2] ?? '', churned: (i: number) => ['yes', 'no'][i % 2] ?? '' };
const training = file('training.csv', orders(200, usual));
const { churned: _label, ...unlabelled } = usual;
const serving = file('serving.csv', orders(200, unlabelled));

async function schemaOf(path: string, change: (schema: { columns: Record<string, unknown>[]; tolerated: unknown[] }) => void = () => {}): Promise<string> {
  const schema = JSON.parse((await refit('data', 'schema', path, '--json')).text);
  change(schema);
  return file(`schema-${Math.random()}.json`, JSON.stringify(schema));
}

describe('refit data schema, without a service', () => {
  it('says which column has no value twice', async () => {
    expect((await refit('data', 'schema', training)).text).toMatch(/order +string +always +each once/u);
  });

  it('takes a file whatever its name, also that of one of its commands', async () => {
    expect((await refit('data', 'schema', 'infer', training)).code).toBe(0);
    expect((await refit('data', 'schema', 'infer', 'show')).errors).toContain('show does not exist');
  });

  it('writes rules that accepted changes made, and reads them again', async () => {
    const high = file('high.csv', orders(200, { ...usual, price: (i) => 400 + (i % 50) }));
    expect((await refit('data', 'validate', high, '--schema', await schemaOf(training))).text).toMatch(/✗ price: .*FLOAT_TYPE_BIG_FLOAT\n {4}accepted, it says: price may go up to 449/u);
    const widened = await schemaOf(training, ({ columns }) => void Object.assign(columns[1]!, { acceptedMaximum: 449 }));
    expect(await refit('data', 'validate', high, '--schema', widened)).toMatchObject({ code: 0 });
  });

  it('lets pass what is tolerated, as far as it is', async () => {
    const gaps = file('gaps.csv', `${orders(200, usual)}\n${'ragged\n'.repeat(20)}`);
    expect((await refit('data', 'validate', gaps, '--schema', await schemaOf(training))).text).toMatch(/accepted, it says: MALFORMED_ROWS is let pass, up to 0\.0909091/u);
    const letting = (upTo: number) => schemaOf(training, ({ tolerated }) => void tolerated.push({ column: '', kind: 'MALFORMED_ROWS', upTo }));
    expect((await refit('data', 'validate', gaps, '--schema', await letting(0.1))).code).toBe(0);
    expect((await refit('data', 'validate', gaps, '--schema', await letting(0.05))).code).toBe(2);
  });
});

describe('data for predictions', () => {
  const asServing = ['--environment', 'serving'] as const;

  it('is asked for the label, unless something says that only training has it', async () => {
    const { code, text } = await refit('data', 'validate', serving, '--schema', await schemaOf(training), ...asServing);
    expect(code).toBe(2);
    expect(text).toMatch(/✗ churned: the column is missing.*\n {4}accepted, it says: churned is expected in training only/u);
  });

  it('has no label where the pipeline file names one, nor what it says that only training has', async () => {
    const pipeline = (gate: string) => file(`p-${Math.random()}.yaml`, `version: refit/v1\nname: p\nsource: x.csv\nlabel: churned\ntrainer: linear\n${gate}`);
    expect((await refit('data', 'validate', serving, '--schema', await schemaOf(training), '--pipeline', pipeline(''), ...asServing)).code).toBe(0);
    const { city: _city, ...without } = unlabelled;
    const less = file('less.csv', orders(200, without));
    expect((await refit('data', 'validate', less, '--schema', await schemaOf(training), '--pipeline', pipeline(''), ...asServing)).code).toBe(2);
    expect((await refit('data', 'validate', less, '--schema', await schemaOf(training), '--pipeline', pipeline('dataGate: { trainingOnly: [city] }\n'), ...asServing)).code).toBe(0);
  });

  it('has none where the schema says so; training still needs it', async () => {
    const labelled = await schemaOf(training, ({ columns }) => void Object.assign(columns[3]!, { environments: ['training'] }));
    expect((await refit('data', 'validate', serving, '--schema', labelled, ...asServing)).code).toBe(0);
    expect((await refit('data', 'validate', training, '--schema', labelled, ...asServing)).code).toBe(0);
    expect((await refit('data', 'validate', serving, '--schema', labelled)).code).toBe(2);
    expect((await refit('data', 'validate', serving, '--schema', labelled, '--environment', 'elsewhere')).code).toBe(64);
  });
});
