import { defaultDataGate, type SchemaInferred } from '@refit/contracts';
import { describe, expect, it } from 'vitest';
import { judgeData } from '../judge-data.js';
import type { DatasetStatistics } from '../statistics.js';
import { applyChange } from './apply-change.js';
import { decideInference } from './decide-inference.js';
import { diffSchemas } from './diff-schemas.js';
import { inferSchema } from './infer-schema.js';
import { decideLearning, learnRanges } from './learn-ranges.js';
import { schemaDecider } from './schema-state.js';

const numbers = (minimum: number, maximum: number): DatasetStatistics => ({
  rows: 100, columns: [{ name: 'x', type: 'float', missing: 0, nonFinite: 0, distinct: 40, numeric: { minimum, maximum, mean: 5, standardDeviation: 1, zeros: 0, quantiles: [], histogram: { edges: [], counts: [] } } }],
});
const schema = inferSchema(numbers(0, 10));
const gate = defaultDataGate(); // a margin of half the range
const learnt = (...batches: readonly DatasetStatistics[]) => batches.reduce((now, batch) => learnRanges(now, gate, batch).reduce(applyChange, now), schema);
const isLetThrough = (now: typeof schema, value: number) => judgeData({ batch: 'b', statistics: numbers(5, value), malformedRows: 0, gate, expected: { schema: now, reference: numbers(0, 10) } })
  .anomalies.every(({ kind }) => kind !== 'FLOAT_TYPE_BIG_FLOAT');

describe('the range of a column', () => {
  it('is what accepted batches have shown, and a margin of the reference\'s range around it, which does not grow', () => {
    const widened = learnt(numbers(-4, 9), numbers(2, 14));
    expect(widened.columns).toMatchObject([{ minimum: 0, maximum: 10, acceptedMinimum: -4, acceptedMaximum: 14 }]);
    expect([15, 15.1].map((value) => isLetThrough(schema, value))).toEqual([true, false]);
    expect([19, 19.1].map((value) => isLetThrough(widened, value))).toEqual([true, false]);
    expect(diffSchemas(schema, widened)).toEqual([{ column: 'x', property: 'accepted range', after: '-4 to 14' }]);
  });

  it('does not learn from what is seen already, nor from values beyond the margin, though few rows had them', () => {
    expect(learnRanges(schema, gate, numbers(1, 10))).toEqual([]);
    expect(learnRanges(schema, gate, numbers(-1000, 12)).map(({ change }) => change.case)).toEqual(['maximum']);
    expect(learnRanges(schema, { ...gate, ignoredColumns: ['x'] }, numbers(-1, 12))).toEqual([]);
  });

  it('is widened once for each run', () => {
    const [inferred] = decideInference(schemaDecider.initialState, { schema, referenceStatisticsHash: 's', referenceRows: 100, runId: 'r0' });
    const state = schemaDecider.evolve(schemaDecider.initialState, inferred as SchemaInferred);
    const command = { changes: learnRanges(schema, gate, numbers(-1, 12)), runId: 'r1', pipeline: 'p', batches: ['b'] };
    const [changed] = decideLearning(state, command);
    expect(changed).toMatchObject({ version: 2, runId: 'r1', actor: 'pipeline p', reason: 'values of accepted batch b' });
    expect(decideLearning(schemaDecider.evolve(state, changed!), command)).toEqual([]);
    expect(decideLearning(schemaDecider.initialState, command)).toEqual([]);
  });
});
