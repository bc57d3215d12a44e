import { canonicalJson, encodeEvent, type SchemaInferred } from '@refit/contracts';
import { describe, expect, it } from 'vitest';
import type { ColumnStatistics } from '../statistics.js';
import { inferSchema } from './infer-schema.js';
import { decideInference } from './decide-inference.js';
import { isKnown, schemaDecider } from './schema-state.js';

const text = (name: string, distinct: number, missing = 0, length = 5): ColumnStatistics => ({
  name, type: 'string', missing, nonFinite: 0, distinct,
  top: Array.from({ length: Math.min(distinct, 100) }, (_, i) => ({ value: `v${String(i).padStart(length, '0')}`, count: 1 })),
});

const domains = (columns: readonly ColumnStatistics[], rows = 1000) => inferSchema({ rows, columns }).columns.map(({ domain }) => domain.length);

describe('a schema', () => {
  it('gives a domain to text with at most 100 categories that repeat', () => {
    expect(domains([text('few', 3), text('hundred', 100), text('many', 101)])).toEqual([3, 100, 0]);
    expect(domains([text('names', 50)], 60)).toEqual([0]);
    expect(domains([text('long', 3, 0, 150)])).toEqual([0]);
  });

  it('does not require a column without values', () => {
    const [present, absent] = inferSchema({ rows: 10, columns: [text('present', 1, 9), text('absent', 0, 10)] }).columns;
    expect(present).toMatchObject({ required: true, nullRate: 0.9 });
    expect(absent).toMatchObject({ required: false, nullRate: 1, domain: [] });
  });

  it('has no range for times', () => {
    const histogram = { edges: [], counts: [1] };
    const numeric = { minimum: 1, maximum: 9, mean: 5, standardDeviation: 1, zeros: 0, quantiles: [], histogram };
    const [time, count] = inferSchema({ rows: 10, columns: [
      { name: 'time', type: 'timestamp', missing: 0, nonFinite: 0, distinct: 2, numeric },
      { name: 'count', type: 'integer', missing: 0, nonFinite: 0, distinct: 2, numeric },
    ] }).columns;
    expect(time?.minimum).toBeUndefined();
    expect(count).toMatchObject({ minimum: 1, maximum: 9 });
  });

  it('gives up its longest domains where it would not fit into an event', () => {
    const columns = [...Array.from({ length: 40 }, (_, i) => text(`wide${i}`, 100, 0, 60)), text('small', 2)];
    const schema = inferSchema({ rows: 1000, columns });
    const [e] = decideInference(schemaDecider.initialState, { schema, referenceStatisticsHash: 'h', referenceRows: 1000, runId: 'r' });
    expect(canonicalJson(encodeEvent(e!)).length).toBeLessThan(60_000);
    expect(schema.columns.at(-1)?.domain).toHaveLength(2);
  });

  it('is inferred once', () => {
    const command = { schema: inferSchema({ rows: 10, columns: [text('a', 1)] }), referenceStatisticsHash: 'h', referenceRows: 10, runId: 'r' };
    const [inferred] = decideInference(schemaDecider.initialState, command);
    const state = schemaDecider.evolve(schemaDecider.initialState, inferred as SchemaInferred);
    expect(isKnown(state) && state).toMatchObject({ version: 1, runId: 'r', referenceStatisticsHash: 'h' });
    expect(decideInference(state, { ...command, runId: 'other' })).toEqual([]);
  });
});
