import { AnomalySchema, event, FindingSeverity, SchemaChangeSchema, ToleranceSchema, ValuesSchema, type Anomaly, type SchemaChange, type SchemaEvent } from '@refit/contracts';
import { describe, expect, it } from 'vitest';
import type { ColumnStatistics, DatasetStatistics } from '../statistics.js';
import { decideInference } from './decide-inference.js';
import { decideOnProposals } from './decide-on-proposals.js';
import { describeTolerance } from './describe-change.js';
import { inferSchema } from './infer-schema.js';
import { decideLearning } from './learn-ranges.js';
import { outliveReference } from './outlive-reference.js';
import { proposalStatus } from './proposal-status.js';
import { decideProposals } from './propose-changes.js';
import { decideReference } from './replace-reference.js';
import { isKnown, schemaDecider, type KnownSchema } from './schema-state.js';
import { letPass } from './tolerated.js';

const price = (maximum: number): ColumnStatistics => ({
  name: 'price', type: 'float', missing: 0, nonFinite: 0, distinct: 40, numeric: { minimum: 1, maximum, mean: 4, standardDeviation: 1, zeros: 0, quantiles: [], histogram: { edges: [], counts: [] } },
});
const text = (name: string, value: string): ColumnStatistics => ({ name, type: 'string', missing: 0, nonFinite: 0, distinct: 1, top: [{ value, count: 100 }] });
const data = (...columns: readonly ColumnStatistics[]): DatasetStatistics => ({ rows: 100, columns: [...columns] });

const then = (state: KnownSchema, events: readonly SchemaEvent[]): KnownSchema => {
  const next = events.reduce<ReturnType<typeof schemaDecider.evolve>>(schemaDecider.evolve, state);
  if (!isKnown(next)) throw new Error('it has no schema');
  return next;
};
const first = then(schemaDecider.initialState as KnownSchema, decideInference(schemaDecider.initialState, {
  schema: inferSchema(data(price(9), text('city', 'Bern'), text('note', 'x'))), referenceStatisticsHash: 's', referenceSnapshotHash: 'a', referenceRows: 100, runId: 'run-0',
}));

const change = (column: string, value: SchemaChange['change']) => event(SchemaChangeSchema, { column, change: value });
const tolerate = (column: string, kind: string, upTo?: number) => change(column, { case: 'tolerate', value: event(ToleranceSchema, { kind, ...(upTo !== undefined && { upTo }) }) });
const kindOf = ({ change: { case: name, value } }: SchemaChange) => (name === 'tolerate' ? value.kind : (name ?? ''));
const found = (wanted: SchemaChange): Anomaly => event(AnomalySchema, { batch: 'b', kind: kindOf(wanted), column: wanted.column, severity: FindingSeverity.FAILURE, change: wanted, message: 'bad' });

/** A person has accepted all of these. */
function accepted(...changes: readonly SchemaChange[]): KnownSchema {
  const proposed = then(first, decideProposals(first, { runId: 'run-1', pipeline: 'p', anomalies: changes.map(found), refused: [{ name: 'b', version: 1 }] }));
  return then(proposed, decideOnProposals(proposed, { ids: [...proposed.proposals.keys()], accepted: true, actor: 'ann', reason: 'the world is so' }));
}
const command = (statistics: DatasetStatistics, hash = 'n') => ({ schema: inferSchema(statistics), referenceStatisticsHash: hash, referenceSnapshotHash: hash, referenceRows: 100, batch: 'c@1', runId: 'run-2', actor: 'bob', reason: 'new' });
const rule = ({ schema }: KnownSchema, name: string) => schema.columns.find((one) => one.name === name);
const statuses = ({ proposals, schema }: KnownSchema) => [...proposals.values()].map((record) => proposalStatus(record, schema));

const said = [
  change('price', { case: 'maximum', value: 120 }), change('price', { case: 'maximumNullRate', value: 0.2 }), change('note', { case: 'makeOptional', value: true }),
  change('city', { case: 'addValues', value: event(ValuesSchema, { values: ['Chur'] }) }), tolerate('', 'MALFORMED_ROWS', 0.1),
];

describe('what a person has accepted', () => {
  it('outlives a new reference, and the one after it, also where one of them shows it anyway', () => {
    let state = accepted(...said);
    for (const [hash, maximum] of [['n', 200], ['m', 50]] as const) {
      state = then(state, decideReference(state, command(data(price(maximum), text('city', 'Genf'), text('note', 'y')), hash)));
      expect(rule(state, 'price')).toMatchObject({ maximum, acceptedMaximum: 120, maximumNullRate: 0.2 });
      expect(rule(state, 'city')?.domain).toEqual(['Chur', 'Genf']);
      expect(rule(state, 'note')?.required).toBe(false);
      expect(state.schema.tolerated).toMatchObject([{ kind: 'MALFORMED_ROWS', upTo: 0.1, actor: 'ann', reason: 'the world is so', sinceVersion: 2 }]);
      expect(statuses(state)).toEqual(said.map(() => 'accepted'));
    }
  });

  it('does not give what was learned from data a longer life', () => {
    const learned = then(first, decideLearning(first, { changes: [change('price', { case: 'maximum', value: 12 })], runId: 'run-1', pipeline: 'p', batches: ['b'] }));
    expect(rule(learned, 'price')?.acceptedMaximum).toBe(12);
    const state = then(learned, decideReference(learned, command(data(price(8), text('city', 'Bern')))));
    expect(rule(state, 'price')?.acceptedMaximum).toBeUndefined();
  });

  it('goes where the new reference contradicts it, where it was a distance from the old one, and where it is dropped; each says why', () => {
    const state = accepted(
      change('price', { case: 'maximum', value: 120 }), change('note', { case: 'makeOptional', value: true }), change('city', { case: 'type', value: 'string' }),
      tolerate('price', 'COMPARATOR_PSI_HIGH', 0.4), tolerate('price', 'UNIT_CHANGED'), tolerate('price', 'SINGLE_WILD_VALUE'),
    );
    const reference = inferSchema(data(text('price', 'a lot'), text('city', 'Bern')));
    const { kept, dropped } = outliveReference(state, reference);
    expect(dropped.map(({ change: { column }, because }) => [column, because])).toEqual([
      ['price', 'price is of type string in the new reference'], ['note', 'the new reference has no column note'],
      ['price', 'it was a distance from the old reference'], ['price', 'it was a distance from the old reference'],
    ]);
    expect(kept).toBe(2);
    const after = then(state, decideReference(state, command(data(text('price', 'a lot'), text('city', 'Bern')))));
    expect(statuses(after)).toEqual(['dropped', 'dropped', 'accepted', 'dropped', 'dropped', 'accepted']);
    // It does not come back by itself.
    const back = then(after, decideReference(after, command(data(price(9), text('city', 'Bern')), 'm')));
    expect(rule(back, 'price')?.acceptedMaximum).toBeUndefined();
  });

  it('is taken back by dropping it, also beside the reference that it is already', () => {
    const state = accepted(...said);
    const [widened] = state.proposals.keys();
    const same = { ...command(data(price(9), text('city', 'Bern'), text('note', 'x')), 'a') };
    expect(decideReference(state, same)).toEqual([]);
    const without = then(state, decideReference(state, { ...same, drop: [widened!] }));
    expect(rule(without, 'price')).toEqual(expect.objectContaining({ maximum: 9, maximumNullRate: 0.2 }));
    expect(rule(without, 'price')?.acceptedMaximum).toBeUndefined();
    expect(without.schema.tolerated).toHaveLength(1);
    const none = then(state, decideReference(state, { ...same, drop: ['all'] }));
    expect(none.schema).toEqual(same.schema);
    expect(() => decideReference(without, { ...same, drop: [widened!] })).toThrow(`${widened} is no accepted proposal that the schema owes anything`);
  });
});

describe('what is let pass', () => {
  it('says who let it pass, why and since when; a wider bound has its own author', () => {
    const once = accepted(tolerate('price', 'NULL_TOKENS', 0.1));
    const wider = then(once, decideProposals(once, { runId: 'run-3', pipeline: 'p', anomalies: [found(tolerate('price', 'NULL_TOKENS', 0.3)), found(change('price', { case: 'maximum', value: 99 }))], refused: [] }));
    const [, more, other] = wider.proposals.keys();
    const decide = (id: string) => decideOnProposals(wider, { ids: [id], accepted: true, actor: 'bob', reason: '' });
    expect(then(wider, decide(other!)).schema.tolerated).toEqual(once.schema.tolerated);
    expect(then(wider, decide(more!)).schema.tolerated.map(describeTolerance)).toEqual(['NULL_TOKENS of price is let pass, up to 0.3 by bob since version 3']);
    expect(once.schema.tolerated.map(describeTolerance)).toEqual(['NULL_TOKENS of price is let pass, up to 0.1 by ann since version 2: the world is so']);
  });

  it('is information of every later judgement, as far as it goes', () => {
    const { schema } = accepted(tolerate('price', 'NULL_TOKENS', 0.1));
    const now = (upTo: number) => letPass(schema, found(tolerate('price', 'NULL_TOKENS', upTo)));
    expect(now(0.1)).toMatchObject({ severity: FindingSeverity.INFO, message: 'bad; let pass by ann since version 2: the world is so' });
    expect(now(0.11)).toMatchObject({ severity: FindingSeverity.FAILURE, message: 'bad' });
  });
});

describe('what no change of the schema accepts', () => {
  it('is a finding, and says what to do instead', () => {
    const broken = event(AnomalySchema, { batch: 'b', kind: 'CUSTOM_VALIDATION', severity: FindingSeverity.FAILURE, expectation: { name: 'prices' } });
    const state = then(first, decideProposals(first, { runId: 'run-1', pipeline: 'p', anomalies: [broken, found(said[0]!)], refused: [{ name: 'b', version: 1 }] }));
    expect(statuses(state)).toEqual(['finding', 'open']);
    const [finding] = state.proposals.keys();
    expect(() => decideOnProposals(state, { ids: [finding!], accepted: true, actor: 'ann', reason: 'x' })).toThrow('mend the data and deliver it again, or write the expectation differently and apply the pipeline');
  });
});
