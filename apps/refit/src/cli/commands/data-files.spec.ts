import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runProgram } from '../program.js';
import { testTerminal } from '../testing/test-terminal.js';

const folder = mkdtempSync(join(tmpdir(), 'refit-data-files-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, text: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

async function refit(...args: readonly string[]) {
  const terminal = testTerminal();
  const code = await runProgram(args, terminal);
  return { code, text: terminal.output.join('\n'), errors: terminal.errors.join('\n'), json: () => JSON.parse(terminal.output.join('\n')) };
}

const cities = ['Bern', 'Basel', 'Genf'];
/** 600 purchases; in later ones amounts are larger. */
const purchases = (shift = 0, extra = '') =>
  `id,amount,city,when\n${Array.from({ length: 600 }, (_, i) => `${i},${((i * 37) % 101) / 4 + shift},${cities[i % 3]},2018-01-${String((i % 28) + 1).padStart(2, '0')}`).join('\n')}\n${extra}`;
const january = file('january.csv', purchases());

describe('refit data stats', () => {
  it('shows a line for each column, with a small histogram', async () => {
    const { code, text } = await refit('data', 'stats', january);
    expect(code).toBe(0);
    expect(text).toMatch(/rows +600 in 4 columns/u);
    expect(text).toMatch(/id +identifier +– +600/u);
    expect(text).toMatch(/amount +float +– +101 +[▁-█ ]+ +0 … 12\.5 … 25 {2}mean 12\.49 ± 7\.299/u);
    expect(text).toMatch(/city +categorical .*Basel 33\.3 %, Bern 33\.3 %, Genf 33\.3 %/u);
    expect(text).toMatch(/when +timestamp .* 2018-01-01 … 2018-01-14 … 2018-01-28/u);
  });
  it('is JSON for programs', async () => {
    const { json } = await refit('data', 'stats', january, '--json', '--slice', 'city=Bern');
    expect(json()).toMatchObject({ verdict: 'pass', file: { format: 'CSV', encoding: 'utf-8', dialect: { delimiter: ',' } }, statistics: { rows: 200 } });
  });
  it('shows the rows of each value of a column by themselves, and counts rows by weight', async () => {
    const { text } = await refit('data', 'stats', january, '--slice', 'city');
    expect(text.match(/city = (Basel|Bern|Genf) {2}200 rows/gu)).toEqual(['city = Basel  200 rows', 'city = Bern  200 rows', 'city = Genf  200 rows']);
    expect((await refit('data', 'stats', january, '--slice', 'city', '--json')).json()).toMatchObject({ statistics: { rows: 600 }, sliced: { column: 'city', others: 0, slices: [{ value: 'Basel', statistics: { rows: 200 } }, {}, {}] } });
    expect((await refit('data', 'stats', january, '--slice', 'city', '--weight', 'id', '--json')).json()).toMatchObject({ statistics: { rows: 179_700 }, sliced: { slices: [{}, {}, {}] } });
    expect((await refit('data', 'stats', january, '--slice', 'city=', '--json')).json()).toMatchObject({ statistics: { rows: 0 } });
  });
  it('says which encoding and dialect it took, and where malformed rows are', async () => {
    const latin = file('latin.csv', Buffer.from('id;city\n1;Z\xfcrich\n2;Bern;x\n3;Basel\n', 'latin1'));
    const { code, text } = await refit('data', 'stats', latin);
    expect(text).toContain('read as windows-1252, semicolons');
    expect(text).toContain('1 row left out, on line 3');
    expect(text).toContain('33.3 %; line 3), allowed 1.0 %');
    expect(code).toBe(2);
    expect((await refit('data', 'stats', latin, '--max-malformed', '0.5')).code).toBe(0);
  });
  it('says what columns have to do with each other, and with a label', async () => {
    const { text } = await refit('data', 'stats', january, '--label', 'amount>12');
    expect(text).toMatch(/Across columns {2}all rows\n {2}no duplicate rows/u);
    expect(text).toMatch(/TELLS OF AMOUNT +AUC/u);
    expect((await refit('data', 'stats', january, '--label', 'amount', '--json')).json()).toMatchObject({ relations: { lookedAt: 600, duplicates: { rows: 0 }, label: { measure: 'r2' } } });
    expect((await refit('data', 'stats', january, '--label', 'amount>much')).code).toBe(64);
  });
  it('says no to a file without rows', async () => {
    const { code, text } = await refit('data', 'stats', file('empty.csv', 'a,b\n'));
    expect(code).toBe(2);
    expect(text).toContain('no rows, at most a header');
  });
  it('refuses what is no data with a reason', async () => {
    expect(await refit('data', 'stats', join(folder, 'none.csv'))).toMatchObject({ code: 1, errors: expect.stringContaining('none.csv does not exist') });
    expect((await refit('data', 'stats', january, '--max-malformed', '2')).code).toBe(64);
    expect(await refit('data', 'stats', january, '--slice', 'town=Bern')).toMatchObject({ code: 1, errors: expect.stringContaining('no column "town"') });
  });
});

describe('refit data schema', () => {
  it('shows what later data would have to look like', async () => {
    const { code, text } = await refit('data', 'schema', january);
    expect(code).toBe(0);
    expect(text).toMatch(/amount +float +always +0 … 25/u);
    expect(text).toMatch(/city +string +always +one of Basel, Bern, Genf/u);
  });
  it('as JSON is what a file can be validated with', async () => {
    const schema = file('schema.json', (await refit('data', 'schema', january, '--json')).text);
    expect((await refit('data', 'validate', january, '--schema', schema)).code).toBe(0);
    const bad = file('bad.csv', purchases().replaceAll('Genf', 'Genève').replace('amount', 'amout'));
    const { code, text } = await refit('data', 'validate', bad, '--schema', schema);
    expect(code).toBe(2);
    expect(text).toContain('✗ amount: the column is missing; the schema has it as float; the new column "amout" may be it');
    expect(text).toContain('33.3 % of rows in categories never seen before ("Genève"), allowed 5.0 %');
    expect(text).not.toContain('COMPARATOR');
    expect(text).toContain('· the drift of id, amount, city and 1 more is not judged: the schema file holds no statistics of a reference');
    expect(await refit('data', 'validate', january, '--schema', january)).toMatchObject({ code: 1, errors: expect.stringContaining('holds no schema') });
  });
});

describe('a schema file without statistics', () => {
  it('says that drift was not judged, also in JSON and on the page; one with statistics judges it', async () => {
    const [bare, whole, moved] = [file('bare.json', (await refit('data', 'schema', january, '--json')).text), file('whole.json', (await refit('data', 'schema', january, '--json', '--with-reference')).text), file('on.csv', purchases(12))];
    const unjudged = await refit('data', 'validate', january, '--schema', bare, '--json', '--html', join(folder, 'bare.html'));
    expect(unjudged.json()).toMatchObject({ verdict: 'pass', drift: [], driftNotJudged: [{ columns: ['id', 'amount', 'city', 'when'], because: expect.stringContaining('--with-reference') }] });
    expect(readFileSync(join(folder, 'bare.html'), 'utf8')).toContain('the drift of id, amount, city and 1 more is not judged');
    const judged = (await refit('data', 'validate', moved, '--schema', whole, '--json')).json();
    expect(judged).toMatchObject({ verdict: 'fail', drift: [{ column: 'amount' }, { column: 'city' }], driftNotJudged: [{ columns: ['id'] }, { columns: ['when'] }] });
    expect(judged.anomalies.map(({ kind }: { kind: string }) => kind)).toContain('COMPARATOR_PSI_HIGH');
    expect(await refit('data', 'validate', moved, '--schema', file('odd.json', '{"kind":"refit/schema/v1","columns":[],"reference":3}'))).toMatchObject({ code: 1, errors: expect.stringContaining('"reference" holds no statistics') });
  });
});

describe('refit data validate and drift', () => {
  const moved = file('moved.csv', purchases(12));

  it('say what the gate would: yes to data like the reference', async () => {
    expect(await refit('data', 'validate', january, '--reference', january)).toMatchObject({ code: 0, text: expect.stringContaining('✓ the data gate says yes  nothing found') });
  });
  it('say no to data that has moved, and by how much', async () => {
    const { code, text } = await refit('data', 'drift', january, moved);
    expect(code).toBe(2);
    expect(text).toContain('✗ the data gate says no');
    expect(text).toMatch(/✗ amount: the distribution has moved, .*median 12\.5 → 24\.5/u);
  });
  it('measure exactly, as the rows of both files are at hand', async () => {
    const { json } = await refit('data', 'drift', january, file('three.csv', purchases(3)), '--json');
    const found = Object.fromEntries(json().drift[0].distances.map(({ name, value, error }: { name: string; value: number; error: number }) => [name, [value, error]]));
    // scipy 1.17.1: ks_2samp; wasserstein_distance of values clipped at the reference's .1 and 99.9 percentiles, over its IQR / 1.349
    expect(found).toMatchObject({ 'kolmogorov-smirnov': [0.12, 0], wasserstein: [expect.closeTo(0.3028505, 6), 0] });
  });
  it('ask a classifier, which sees columns that no longer belong together, unless told not to', async () => {
    const pair = (agree: boolean) => `a,b\n${Array.from({ length: 900 }, (_, i) => [(i * 37) % 101, (agree ? i * 37 : i * 61) % 101].join(',')).join('\n')}\n`;
    const [before, now, page] = [file('apart.csv', pair(false)), file('together.csv', pair(true)), join(folder, 'together.html')];
    expect((await refit('data', 'drift', before, now, '--html', page)).text).toMatch(/! the rows can be told from those of the reference|! .*COMPARATOR_CLASSIFIER_AUC_HIGH/u);
    expect(readFileSync(page, 'utf8')).toMatch(/All columns together: a classifier tells the rows .* with an AUC of 0\.9\d\d/u);
    expect((await refit('data', 'validate', now, '--reference', before, '--json')).json().drift.at(-1)).toMatchObject({ measure: 'domain-classifier', toldApart: { columns: [{}, {}] } });
    expect((await refit('data', 'drift', before, now, '--no-classifier', '--json')).json().drift.map(({ measure }: { measure: string }) => measure)).toEqual(['psi', 'psi']);
  });
  it('say which columns are not judged, and why', async () => {
    const { text } = await refit('data', 'drift', january, january);
    expect(text).toContain('· the drift of id is not judged: an identifier');
    expect(text).toContain('· the drift of when is not judged: times move on');
  });
  it('take the limits of a pipeline file', async () => {
    const pipeline = file('p.yaml', 'version: refit/v1\nname: p\nsource: x.csv\nlabel: city\ntrainer: linear\ndataGate: {psi: {warning: 90, failure: 99}, wasserstein: {warning: 90, failure: 99}}\n');
    expect((await refit('data', 'drift', january, moved, '--pipeline', pipeline)).code).toBe(0);
  });
  it('compare what predictions are asked for with what was learnt, but for the label', async () => {
    const pipeline = file('label.yaml', 'version: refit/v1\nname: p\nsource: x.csv\nlabel: city\ntrainer: linear\n');
    const serving = file('serving.csv', purchases().replace('id,amount,city,when', 'id,amount,town,when'));
    const { code, json } = await refit('data', 'drift', january, serving, '--environment', 'serving', '--pipeline', pipeline, '--json');
    expect(code).toBe(0);
    expect(json().drift.map(({ column }: { column: string }) => column)).toEqual(['amount', '']);
  });
  it('are listed of a running Refit by its dataset, or by a run', async () => {
    expect(await refit('data', 'drift', 'list')).toMatchObject({ code: 64, errors: expect.stringContaining('name a dataset, or a run') });
  });
  it('are JSON for programs, with the statistics of both files', async () => {
    expect((await refit('data', 'drift', january, moved, '--json')).json()).toMatchObject({ verdict: 'fail', drift: [{ column: 'amount' }, { column: 'city' }, { column: '', measure: 'domain-classifier' }], reference: { statistics: { rows: 600 } } });
  });
  it('need something to compare with', async () => {
    expect(await refit('data', 'validate', january)).toMatchObject({ code: 64, errors: expect.stringContaining('--reference FILE, --schema FILE or --expectations FILE') });
    expect((await refit('data', 'validate', january, '--reference', january, '--schema', january)).code).toBe(64);
  });
});

describe('a page', () => {
  it('stands by itself, and shows text of the data as text', async () => {
    const nasty = file('nasty.csv', `id,<script>alert(1)</script>\n${Array.from({ length: 60 }, (_, i) => `${i},${i % 2 ? '"<img src=x onerror=alert(1)>"' : "o'k"}`).join('\n')}\n`);
    const page = join(folder, 'page.html');
    expect((await refit('data', 'stats', nasty, '--html', page)).code).toBe(0);
    const text = readFileSync(page, 'utf8');
    expect(text).not.toMatch(/<img|<script>alert|https?:\/\/|<[a-z]+( [a-z-]+="[^"]*")* (src|href)=/u);
    expect(text).toContain('&#60;img src=x onerror=');
    expect(text).toContain("default-src 'none'");
  });
  it('has a chart for each column, with the reference over it, and what the gate says', async () => {
    const page = join(folder, 'drift.html');
    await refit('data', 'drift', january, file('moved.csv', purchases(12)), '--html', page);
    const text = readFileSync(page, 'utf8');
    expect(text).toContain('The data gate says no');
    expect(text.match(/<article/gu)).toHaveLength(4);
    expect(text.match(/<polyline class="reference"/gu)).toHaveLength(2);
    expect(text).toContain('rows in the reference, january.csv');
  });
  it('of a schema lists its rules', async () => {
    const page = join(folder, 'schema.html');
    await refit('data', 'schema', january, '--html', page);
    expect(readFileSync(page, 'utf8')).toContain('one of Basel, Bern, Genf');
  });
});
