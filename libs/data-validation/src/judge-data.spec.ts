import { DataSchemaSchema, defaultDataGate, event, FindingSeverity, ToleranceSchema, type DataSchema } from '@refit/contracts';
import { describe, expect, it } from 'vitest';
import { judgeData } from './judge-data.js';
import { inferSchema } from './schema/infer-schema.js';
import type { ColumnStatistics, DatasetStatistics } from './statistics.js';

const rows = 1000;
const text = (name: string, values: readonly string[]): ColumnStatistics => ({
  name, type: 'string', semantic: values.length === 2 ? 'boolean' : 'categorical', missing: values.length === 0 ? rows : 0, nonFinite: 0, distinct: values.length, top: values.map((value) => ({ value, count: rows / values.length })),
});
const truths = (name: string): ColumnStatistics => ({ ...text(name, ['true', 'false']), type: 'boolean' });
const data = (...columns: readonly ColumnStatistics[]): DatasetStatistics => ({ rows, columns });

function judge(statistics: DatasetStatistics, reference: DatasetStatistics, change: Partial<DataSchema> = {}) {
  const schema = event(DataSchemaSchema, { ...inferSchema(reference), ...change });
  return judgeData({ batch: 'next', statistics, malformedRows: 0, gate: defaultDataGate(), expected: { schema, reference } });
}
const kinds = (judged: ReturnType<typeof judge>) => judged.anomalies.map(({ kind }) => kind);

describe('data without a value', () => {
  const reference = data(text('a', ['x', 'y', 'z']), text('b', ['x', 'y', 'z']));
  const hollow = data(text('a', []), text('b', []));

  it('is said to have none, and nothing that merely follows', () => {
    expect(judge(hollow, reference)).toMatchObject({ verdict: 'fail', anomalies: [{ kind: 'DATASET_WITHOUT_VALUES', message: 'not one value in 1,000 rows and 2 columns' }], drift: [] });
  });

  it('fails for each column that needs values where a person has let that pass', () => {
    const judged = judge(hollow, reference, { tolerated: [event(ToleranceSchema, { kind: 'DATASET_WITHOUT_VALUES' })] });
    expect(kinds(judged)).toEqual(['COMPARATOR_TREATMENT_DATA_MISSING', 'COMPARATOR_TREATMENT_DATA_MISSING', 'DATASET_WITHOUT_VALUES', 'FEATURE_TYPE_NOT_PRESENT', 'FEATURE_TYPE_NOT_PRESENT']);
  });
});

describe('truth values in other words', () => {
  it.each([
    ['"no" and "yes" where true and false', text('paid', ['yes', 'no']), truths('paid')],
    ['true and false where "no" and "yes"', truths('paid'), text('paid', ['yes', 'no'])],
  ])('are told as such: %s are expected', (told, column, before) => {
    expect(judge(data(column), data(before)).anomalies).toMatchObject([{ kind: 'UNEXPECTED_DATA_TYPE', severity: FindingSeverity.FAILURE, message: `paid: truth values written as ${told} are expected` }]);
  });
});
