import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { isRefitError, sha256, SplitKind, SplitMembershipSchema, SplitSchema } from '@refit/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ColumnTable } from './column-table.js';
import type { RowSplit } from './row-split.js';
import { splitRows } from './split.js';
import { tableFromValues } from './table-from-values.js';
import { membershipColumns, wasTrainedOn } from './trained-on.js';

const split = (table: ColumnTable, spec: MessageInitShape<typeof SplitSchema>, rows = Uint32Array.from({ length: table.rows }, (_, row) => row)) =>
  splitRows(table, rows, create(SplitSchema, { column: 'at', salt: 's', testFraction: 0.2, validationFraction: 0.1, ...spec }));

const days = (numbers: readonly (number | null)[]) => tableFromValues({ at: numbers.map((n) => (n === null ? null : new Date(n * 86_400_000))) });
const sizes = ({ training, validation, test }: RowSplit) => [training.length, validation.length, test.length];
const impossible = (work: () => unknown): boolean => {
  try {
    work();
  } catch (error) {
    return isRefitError(error, 'SPLIT_IMPOSSIBLE');
  }
  return false;
};

/** Each row in exactly one part, and the rule says "trained on" of training and validation alone. */
function expectRuleToFit(table: ColumnTable, { training, validation, test, membership }: RowSplit): void {
  expect([...training, ...validation, ...test].sort((a, b) => a - b)).toEqual(Array.from({ length: table.rows }, (_, row) => row));
  const trainedOn = wasTrainedOn(membership, table);
  expect([...training, ...validation].filter((row) => trainedOn[row] === 0)).toEqual([]);
  expect([...test].filter((row) => trainedOn[row] === 1)).toEqual([]);
}

describe('a split by time', () => {
  it('tests on the newest rows and validates on those before, in any row order', () => {
    const table = days([9, 0, 1, 2, 8, 3, 4, 5, 6, 7]);
    const parts = split(table, { kind: SplitKind.TIME });
    expect({ test: [...parts.test], validation: [...parts.validation] }).toEqual({ test: [0, 4], validation: [9] });
    expect(parts.membership).toMatchObject({ column: 'at', trainingFrom: 0, trainingUntil: 7 * 86_400_000 });
    expectRuleToFit(table, parts);
  });

  it('never parts equal times, and takes the nearest boundary', () => {
    // 20 % of 10 rows would cut the three of day 5: three rows are nearer to two than none is.
    expect(sizes(split(days([0, 0, 1, 1, 2, 2, 3, 5, 5, 5]), { kind: SplitKind.TIME }))).toEqual([6, 1, 3]);
  });

  it('holds for any times', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 12, maxLength: 60 }), (times) => {
        fc.pre(new Set(times).size >= 4);
        const table = days(times);
        const parts = split(table, { kind: SplitKind.TIME });
        expectRuleToFit(table, parts);
        const newest = (rows: Uint32Array) => Math.max(...[...rows].map((row) => times[row]));
        const oldest = (rows: Uint32Array) => Math.min(...[...rows].map((row) => times[row]));
        expect(newest(parts.training)).toBeLessThan(oldest(parts.validation));
        expect(newest(parts.validation)).toBeLessThan(oldest(parts.test));
      }),
      { seed: 1 },
    );
  });

  it('trains on rows without a time, and says that it may have', () => {
    const table = days([null, 0, 1, 2, 3, 4]);
    const parts = split(table, { kind: SplitKind.TIME, validationFraction: 0 });
    expect([...parts.training]).toContain(0);
    expectRuleToFit(table, parts);
  });

  it('knows of rows outside its window that they were not trained on', () => {
    const { membership } = split(days([10, 11, 12, 13, 14, 15, 16, 17, 18, 19]), { kind: SplitKind.TIME });
    expect([...wasTrainedOn(membership, days([9, 10, 17, 17.5, 18, null]))]).toEqual([0, 1, 1, 0, 0, 1]);
  });

  it('is impossible with too few times or without the column', () => {
    expect(impossible(() => split(days([1, 1, 1, 1]), { kind: SplitKind.TIME }))).toBe(true);
    expect(impossible(() => split(days([1, 1, 2, 2]), { kind: SplitKind.TIME }))).toBe(true); // test and validation, then nothing left
    expect(impossible(() => split(tableFromValues({ other: [1, 2] }), { kind: SplitKind.TIME }))).toBe(true);
    expect(impossible(() => split(tableFromValues({ at: ['a', 'b'] }), { kind: SplitKind.TIME }))).toBe(true);
  });
});

const customers = (count: number) => tableFromValues({ at: Array.from({ length: count }, (_, i) => `customer ${i % 50}`), amount: Array.from({ length: count }, (_, i) => i) });

describe('a split by hash', () => {
  it('keeps all rows of a key together', () => {
    const table = customers(500);
    const parts = split(table, { kind: SplitKind.HASH });
    const keys = [parts.training, parts.validation, parts.test].flatMap((rows) => [...new Set([...rows].map((row) => row % 50))]);
    expect(keys.sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => i));
    expectRuleToFit(table, parts);
  });

  it('is the first 48 bits of SHA-256 over salt, a zero byte and the key', () => {
    const fraction = (key: string) => parseInt(sha256(`s\u0000${key}`).slice(0, 12), 16) / 2 ** 48;
    const expected = Array.from({ length: 50 }, (_, i) => i).filter((i) => fraction(`customer ${i}`) < 0.2);
    expect([...split(customers(50), { kind: SplitKind.HASH }).test]).toEqual(expected);
  });

  it('moves with the salt', () => {
    expect(split(customers(50), { kind: SplitKind.HASH, salt: 'other' }).test).not.toEqual(split(customers(50), { kind: SplitKind.HASH }).test);
  });

  it('cannot tell rows of a table without the key apart', () => {
    const { membership } = split(customers(50), { kind: SplitKind.HASH });
    expect(membershipColumns(membership)).toEqual(['at']);
    expect([...wasTrainedOn(membership, tableFromValues({ amount: [1, 2] }))]).toEqual([1, 1]);
  });
});

describe('a random split', () => {
  it('is near to its fractions', () => {
    const [training, validation, test] = sizes(split(customers(5000), { kind: SplitKind.RANDOM }));
    // Standard deviation of the test part: √(5000 · 0.2 · 0.8) ≈ 28.
    expect(Math.abs(test - 1000)).toBeLessThan(4 * 28);
    expect(Math.abs(validation - 500)).toBeLessThan(4 * 28);
    expect(training + validation + test).toBe(5000);
  });

  it('keeps a row where it was when the data grows and is ordered otherwise', () => {
    const before = customers(300);
    const parts = split(before, { kind: SplitKind.RANDOM });
    const after = tableFromValues({
      amount: Array.from({ length: 400 }, (_, i) => 399 - i),
      at: Array.from({ length: 400 }, (_, i) => `customer ${(399 - i) % 50}`),
    });
    const then = wasTrainedOn(parts.membership, before);
    const now = wasTrainedOn(parts.membership, after);
    for (let row = 0; row < 300; row++) expect(now[399 - row]).toBe(then[row]);
    expectRuleToFit(before, parts);
  });

  it('tells a missing value from an empty one', () => {
    const table = tableFromValues({ at: ['', null, ...Array.from({ length: 40 }, (_, i) => String(i))] });
    const { membership } = split(table, { kind: SplitKind.RANDOM });
    const salted = (salt: string) => wasTrainedOn({ ...membership, salt }, table);
    expect(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].some((salt) => salted(salt)[0] !== salted(salt)[1])).toBe(true);
  });
});

it('trusts no membership that it does not know', () => {
  expect([...wasTrainedOn(create(SplitMembershipSchema, {}), customers(2))]).toEqual([1, 1]);
  expect([...wasTrainedOn(create(SplitMembershipSchema, { kind: SplitKind.TIME, column: 'at' }), days([1, 2]))]).toEqual([1, 1]);
});
