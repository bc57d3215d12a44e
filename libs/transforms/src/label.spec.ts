import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { isRefitError, LabelSchema, Task, type ErrorCode } from '@refit/contracts';
import { describe, expect, it } from 'vitest';
import { labelTargets, requireVariety, resolveLabel } from './label.js';
import { tableFromValues, type PlainValue } from './table-from-values.js';

const resolve = (values: readonly PlainValue[], label: MessageInitShape<typeof LabelSchema> = {}) =>
  resolveLabel(tableFromValues({ y: values }), create(LabelSchema, { column: 'y', ...label }));

const codeOf = (work: () => unknown): ErrorCode | undefined => {
  try {
    work();
  } catch (error) {
    if (isRefitError(error)) return error.code;
  }
  return undefined;
};

const numbers = (count: number) => Array.from({ length: count }, (_, i) => i * 1.5);
const words = (count: number) => Array.from({ length: count }, (_, i) => `word ${i}`);

describe('a label', () => {
  it('above a number is binary: only greater counts, missing has none', () => {
    const { definition, target, rows, dropped } = resolve([10, 15, 16, null], { above: 15 });
    expect(definition).toEqual({ column: 'y', above: 15, task: 'binary', classes: ['y <= 15', 'y > 15'] });
    expect([...target]).toEqual([0, 0, 1, NaN]);
    expect({ rows: [...rows], dropped }).toEqual({ rows: [0, 1, 2], dropped: 1 });
  });

  it.each<[string, readonly PlainValue[], string, readonly string[]]>([
    ['true and false', [true, false, true], 'binary', ['0', '1']],
    ['two words', ['yes', 'no'], 'binary', ['no', 'yes']],
    ['two numbers, however large', [1e6, 2e6], 'binary', ['1000000', '2000000']],
    ['a few words', ['b', 'c', 'a', null], 'multiclass', ['a', 'b', 'c']],
    ['small integers, in their order', [10, 9, 1], 'multiclass', ['1', '9', '10']],
    ['large integers', [1000, 2000, 3000], 'regression', []],
    ['fractions', [0.5, 1, 1.5], 'regression', []],
    ['more than 20 distinct integers', Array.from({ length: 21 }, (_, i) => i), 'regression', []],
  ])('of %s decides the task and the classes', (_, values, task, classes) => {
    expect(resolve(values).definition).toEqual({ column: 'y', task, classes });
  });

  it('is what the pipeline says where it says so', () => {
    expect(resolve([1, 2, 3], { task: Task.REGRESSION }).definition.task).toBe('regression');
    expect(resolve([1000, 2000, 3000], { task: Task.MULTICLASS }).definition.classes).toEqual(['1000', '2000', '3000']);
  });

  it('puts the positive class second', () => {
    expect(resolve(['churned', 'stayed'], { positiveClass: 'churned' }).definition.classes).toEqual(['stayed', 'churned']);
    expect(resolve([true, false], { positiveClass: 'false' }).definition.classes).toEqual(['1', '0']);
    expect([...resolve([true, false], { positiveClass: 'false' }).target]).toEqual([0, 1]);
  });

  it.each<[string, ErrorCode, readonly PlainValue[], MessageInitShape<typeof LabelSchema>]>([
    ['in a column that is not there', 'LABEL_MISSING', [1, 2], { column: 'z' }],
    ['that is empty', 'LABEL_UNUSABLE', [null, null], {}],
    ['that is constant', 'LABEL_UNUSABLE', ['a', 'a'], {}],
    ['that is never above', 'LABEL_UNUSABLE', [1, 2], { above: 2 }],
    ['of text above a number', 'LABEL_UNUSABLE', ['a', 'b'], { above: 2 }],
    ['of times', 'LABEL_UNUSABLE', [new Date(0), new Date(1)], {}],
    ['of many words', 'LABEL_UNUSABLE', words(21), {}],
    ['of words, as a number', 'LABEL_UNUSABLE', ['a', 'b'], { task: Task.REGRESSION }],
    ['of three words, as binary', 'LABEL_UNUSABLE', words(3), { task: Task.BINARY }],
    ['of more classes than any model has', 'LABEL_UNUSABLE', numbers(101), { task: Task.MULTICLASS }],
    ['without the positive class', 'LABEL_UNUSABLE', ['a', 'b'], { positiveClass: 'c' }],
    ['above a number, as multiclass', 'LABEL_UNUSABLE', [1, 2], { above: 1, task: Task.MULTICLASS }],
  ])('%s is refused with %s', (_, code, values, label) => {
    expect(codeOf(() => resolve(values, label))).toBe(code);
  });

  it('means the same in another table, where an unknown class is no label', () => {
    const { definition } = resolve(['a', 'b', 'c']);
    expect([...labelTargets(definition, tableFromValues({ y: ['c', 'd', null, 'a'] }))]).toEqual([2, NaN, NaN, 0]);
  });

  it('must vary in the rows to learn from', () => {
    const target = Float64Array.of(1, 1, 0);
    expect(codeOf(() => requireVariety(target, Uint32Array.of(0, 1), 'y'))).toBe('LABEL_UNUSABLE');
    expect(codeOf(() => requireVariety(target, Uint32Array.of(0, 2), 'y'))).toBeUndefined();
  });
});
