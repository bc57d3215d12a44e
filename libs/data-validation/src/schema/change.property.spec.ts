import { DataGateSchema, defaultDataGate, event, FindingSeverity, type Anomaly, type DataSchema } from '@refit/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Subject } from '../finding.js';
import { judgeData } from '../judge-data.js';
import type { ColumnStatistics, DatasetStatistics } from '../statistics.js';
import { applyChange } from './apply-change.js';
import { describeChange } from './describe-change.js';
import { inferSchema } from './infer-schema.js';

const rows = 1000;

/** Columns of few names, so that reference and data have some in common, and may have others. */
const name = fc.constantFrom('a', 'b', 'c', 'd');
const missing = fc.constantFrom(0, 30, 400, rows);

const numbers = fc.record({ name, missing, type: fc.constantFrom('integer' as const, 'float' as const), low: fc.integer({ min: -50, max: 50 }), width: fc.integer({ min: 0, max: 500 }), nonFinite: fc.constantFrom(0, 1, 200), each: fc.boolean() })
  .map(({ low, width, each, ...column }): ColumnStatistics => ({
    ...column, missing: Math.min(column.missing, rows - column.nonFinite), distinct: each ? rows - Math.min(column.missing, rows - column.nonFinite) : 7,
    numeric: {
      minimum: low, maximum: low + width, mean: low, standardDeviation: 1, zeros: 0, quantiles: [low, low, low, low, low + width],
      histogram: { edges: [], counts: [] }, ...(width > 100 && { comparison: { edges: [0, 10], counts: [width, 600 - width, 5], means: [-1, 5, 11] } }),
    },
  }));

const texts = fc.record({ name, missing, values: fc.uniqueArray(fc.constantFrom('x', 'y', 'z', 'u', 'v', 'a long text '.repeat(20)), { minLength: 1 }), more: fc.constantFrom(0, 200) })
  .map(({ values, more, ...column }): ColumnStatistics => ({
    ...column, type: 'string', nonFinite: 0, distinct: values.length + more,
    top: values.map((value) => ({ value, count: Math.floor((rows - column.missing) / values.length) })),
  }));

const truths = fc.record({ name, missing }).map((column): ColumnStatistics => ({ ...column, type: 'boolean', nonFinite: 0, distinct: 2 }));

const statistics = fc.record({
  rows: fc.constantFrom(0, rows, rows, rows),
  columns: fc.uniqueArray(fc.oneof(numbers, texts, truths), { selector: (column) => column.name, minLength: 1 }),
}) satisfies fc.Arbitrary<DatasetStatistics>;

const gate = event(DataGateSchema, { ...defaultDataGate(), minimumRows: 5000 });

const subjectOf = (schema: DataSchema, reference: DatasetStatistics, data: DatasetStatistics, rest: Partial<Subject>): Subject =>
  ({ batch: 'b', statistics: data, malformedRows: 0, gate, ...rest, expected: { schema, reference } });

/** What is let pass is still told, for information. */
const standing = (anomalies: readonly Anomaly[]) => anomalies.filter(({ severity, message }) => severity !== FindingSeverity.INFO || !message.endsWith('; let pass'));

const isSame = (a: Anomaly) => (b: Anomaly) => a.kind === b.kind && a.column === b.column;

describe('the change that an anomaly carries', () => {
  it('accepts it: the schema with the change applied does not find it any more in the same data', () => {
    const seen = new Set<string>();
    fc.assert(fc.property(statistics.filter((reference) => reference.rows > 0), statistics, fc.constantFrom(0, 300), fc.constantFrom('training', 'serving'), (reference, data, malformedRows, environment) => {
      const schema = inferSchema(reference);
      const judged = (s: DataSchema) => standing(judgeData(subjectOf(s, reference, data, { malformedRows, environment })).anomalies);
      for (const anomaly of judged(schema)) {
        seen.add(anomaly.kind);
        const { change } = anomaly;
        expect(change).toBeDefined();
        if (!change) return;
        const changed = applyChange(schema, change);
        expect(judged(changed).filter(isSame(anomaly)).map(({ message }) => `${message} / ${describeChange(change)}`)).toEqual([]);
        expect(applyChange(changed, change)).toEqual(changed);
      }
    }), { numRuns: 2000, seed: 4 });
    expect([...seen]).toEqual(expect.arrayContaining([
      'SCHEMA_NEW_COLUMN', 'SCHEMA_MISSING_COLUMN', 'UNEXPECTED_DATA_TYPE', 'ENUM_TYPE_UNEXPECTED_STRING_VALUES', 'FEATURE_TYPE_LOW_FRACTION_PRESENT', 'FEATURE_TYPE_HIGH_FRACTION_PRESENT',
      'INT_TYPE_BIG_INT', 'FLOAT_TYPE_SMALL_FLOAT', 'FLOAT_TYPE_NOT_FINITE', 'NO_DATA_IN_SPAN', 'DATASET_LOW_NUM_EXAMPLES', 'MALFORMED_ROWS', 'COMPARATOR_CONTROL_DATA_MISSING', 'COMPARATOR_TREATMENT_DATA_MISSING',
    ]));
  });

  it('does not undo another one: what was accepted of two batches stays accepted, in whatever order', () => {
    const sameColumns = statistics.filter(({ rows: some }) => some > 0).chain((reference) => fc.tuple(fc.constant(reference), beside(reference), beside(reference)));
    fc.assert(fc.property(sameColumns, ([reference, one, other]) => {
      const schema = inferSchema(reference);
      const judged = (s: DataSchema, data: DatasetStatistics) => standing(judgeData(subjectOf(s, reference, data, {})).anomalies);
      const found = [...judged(schema, one), ...judged(schema, other)];
      for (const order of [found, found.toReversed()]) {
        const changed = order.reduce((s, { change }) => (change ? applyChange(s, change) : s), schema);
        expect([...judged(changed, one), ...judged(changed, other)].filter((anomaly) => found.some(isSame(anomaly)))).toEqual([]);
      }
    }), { numRuns: 500, seed: 4 });
  });
});

/** Data with the reference's columns and types, and other values in them. */
const beside = ({ columns }: DatasetStatistics) =>
  fc.tuple(...columns.map((column) => fc.oneof(numbers, texts, truths).filter(({ type }) => type === column.type).map((other): ColumnStatistics => ({ ...other, name: column.name }))))
    .map((others): DatasetStatistics => ({ rows, columns: others }));
