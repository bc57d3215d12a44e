import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { afterAll, describe, expect, it } from 'vitest';
import { runProgram } from '../program.js';
import { refitAgainst } from '../testing/refit-against.js';
import { noon, runId, sampleRun } from '../testing/sample-run.js';
import { testTerminal } from '../testing/test-terminal.js';

const folder = mkdtempSync(join(tmpdir(), 'refit-expectations-cli-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

async function refit(...args: readonly string[]) {
  const terminal = testTerminal();
  const code = await runProgram(args, terminal);
  return { code, text: terminal.output.join('\n'), errors: terminal.errors.join('\n'), json: () => JSON.parse(terminal.output.join('\n')) };
}

const orders = file('orders.csv', `order,customer,price,made\n${Array.from({ length: 200 }, (_, i) => `${i === 150 ? 149 : i},${i % 9 === 0 ? '' : `c${i % 40}`},${i % 25 === 0 ? -1 : i / 4},2025-12-${String((i % 28) + 1).padStart(2, '0')}`).join('\n')}\n`);
const expectations = file('expectations.yaml', `- unique: order
- { name: prices, between: { column: price, minimum: 0 }, mostly: 0.95 }
- { notNull: customer, severity: warning }
- { fresh: { column: made, within: 7d } }
- sql: price < 100
- rowCount: {}
- disjoint: customer
`);

describe('refit data validate FILE --expectations', () => {
  it('says no, and which rows, without a service, a reference or a schema', async () => {
    const { code, text } = await refit('data', 'validate', orders, '--expectations', expectations);
    expect(code).toBe(2);
    expect(text).toContain('expected unique order: 2 of 200 rows are not (1.0 %), none may be');
    expect(text).toContain('expected customer not null: 23 of 200 rows are not (11.5 %), none may be');
    expect(text).not.toContain('expected prices'); // 8 of 200 are below, 10 may be
    expect(text).toContain('only 0 of 3 accepted batches');
    expect(text).toContain('only the window of a run has test rows');
    expect(text).toMatch(/Expectations {2}3 of 7 kept\n {2}unique order {2}2 rows\n {4}order 149, 149\n {4}ROW +ORDER +CUSTOMER +PRICE +MADE\n {4}150 +149 +c29 +37\.25/u);
  });

  it('says yes where all is as expected, by the time that counts as now', async () => {
    const fresh = file('fresh.yaml', 'expectations:\n  - { fresh: { column: made, within: 7d } }\n  - notInFuture: made\n');
    expect((await refit('data', 'validate', orders, '--expectations', fresh, '--now', '2026-01-01T00:00Z')).code).toBe(0);
    expect((await refit('data', 'validate', orders, '--expectations', fresh, '--now', '2026-02-01T00:00Z')).code).toBe(2);
    expect((await refit('data', 'validate', orders, '--expectations', fresh, '--now', 'soon')).code).toBe(64);
  });

  it('is JSON for programs', async () => {
    const { json } = await refit('data', 'validate', orders, '--expectations', expectations, '--json');
    expect(json()).toMatchObject({
      verdict: 'fail',
      expectations: [{ name: 'unique order', verdict: 'EXPECTATION_VERDICT_BROKEN', judgedRows: 200, unexpectedRows: 2, toleratedRows: 0 }, { name: 'prices', unexpectedRows: 8, toleratedRows: 10 }, {}, {}, {}, {}, {}],
      offenders: { keyColumns: ['order'], expectations: [{ name: 'unique order', rows: [{ row: 150, key: ['149'] }, { row: 151, key: ['149'] }] }, { name: 'customer not null' }] },
    });
  });

  it('takes those of a pipeline, together with a reference', async () => {
    const pipeline = file('shop.yaml', 'version: refit/v1\nname: shop\nsource: x\nlabel: price\ntrainer: linear\ndataGate:\n  expectations:\n    - sql: price > 0\n');
    const { code, text } = await refit('data', 'validate', orders, '--reference', orders, '--pipeline', pipeline);
    expect([code, text]).toEqual([2, expect.stringContaining('expected price > 0: 8 of 200 rows are not')]);
    expect((await refit('data', 'validate', orders, '--expectations', pipeline)).code).toBe(2);
  });

  it('names the line of a fault in the file, and what else could have been meant', async () => {
    const { code, errors } = await refit('data', 'validate', orders, '--expectations', file('bad.yaml', '- uniqe: order\n'));
    expect([code, errors]).toEqual([1, expect.stringContaining('[0].uniqe: unknown key. Did you mean "unique"?')]);
    const { text } = await refit('data', 'validate', orders, '--expectations', file('typo.yaml', '- unique: ordr\n- sql: "price > 0; DROP TABLE x"\n'));
    expect(text).toContain('cannot be judged, the data has no column "ordr" (did you mean "order"?');
    expect(text).toContain('cannot be judged, the SQL is no expression');
    expect((await refit('data', 'validate', orders)).code).toBe(64);
  });
});

const hash = 'ab'.repeat(32);

describe('rows that broke expectations', () => {
  const getRun = () => ({ run: sampleRun() });

  it('are shown by run', async () => {
    const kept = { hash, runId, dataset: 'shop', batch: 'w1', keyColumns: ['order'], expectations: [{ name: 'prices', unexpectedRows: 12, columns: ['price'], rows: [{ row: 3, key: ['o3'] }, { row: 9, key: ['o9'] }], samples: [{ row: 3, values: { note: 'a\u001b[31mb', order: 'o3', price: '-1' } }] }] };
    const { code, output } = await refitAgainst({ getRun, getOffenders: ({ runId: asked }) => ({ offenders: asked === runId ? [kept] : [] }) }, `data offenders ${runId.slice(0, 13)}`);
    expect(code).toBe(0);
    expect(output.join('\n')).toBe(`batch w1 in run ${runId.slice(0, 13)}, kept as ${hash}\n  prices  12 rows\n    order o3, o9 and 10 more\n    ROW  ORDER  PRICE  NOTE\n      3  o3     -1     a·[31mb`);
  });

  it('are told of when they were forgotten: by whom, when and why', async () => {
    const { output } = await refitAgainst({ getRun, getOffenders: () => ({ offenders: [{ hash, runId, batch: '', forgotten: { actor: 'ann', reason: 'asked by a customer', forgottenAt: timestampFromMs(noon) } }] }) }, `data offenders ${hash}`);
    expect(output.join('\n')).toMatch(/^the window in run .*\n {2}forgotten on 2026-01-01 .* by ann: asked by a customer$/u);
  });

  it('are deleted by run, hash, or batch, and never without a reason', async () => {
    const asked: object[] = [];
    const forgetOffenders = (request: { hash: string; runId: string; dataset: string; batch: string; reason: string }) => {
      asked.push({ hash: request.hash, runId: request.runId, dataset: request.dataset, batch: request.batch, reason: request.reason });
      return { hashes: [hash], alreadyForgotten: [] };
    };
    const { output } = await refitAgainst({ getRun, forgetOffenders }, `data forget ${runId} --reason asked`);
    expect(output).toEqual([`✓ ${hash} is deleted for good`]);
    await refitAgainst({ forgetOffenders }, `data forget ${hash} --reason asked`);
    await refitAgainst({ forgetOffenders }, 'data forget --batch w1 --dataset shop --reason asked');
    const nothing = { hash: '', runId: '', dataset: '', batch: '', reason: 'asked' };
    expect(asked).toEqual([{ ...nothing, runId }, { ...nothing, hash }, { ...nothing, dataset: 'shop', batch: 'w1' }]);
    for (const args of [`data forget ${hash}`, 'data forget --reason asked', 'data forget --batch w1 --reason asked', `data forget ${hash} --batch w1 --dataset shop --reason asked`]) {
      expect([args, (await refitAgainst({ forgetOffenders }, args)).code]).toEqual([args, 64]);
    }
    expect(asked).toHaveLength(3);
  });
});
