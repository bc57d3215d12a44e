import { AnomalySchema, event, FindingSeverity, SchemaChangeSchema, ToleranceSchema, type Anomaly, type SchemaChange, type SchemaEvent } from '@refit/contracts';
import { describe, expect, it } from 'vitest';
import type { ColumnStatistics } from '../statistics.js';
import { decideInference } from './decide-inference.js';
import { decideOnProposals } from './decide-on-proposals.js';
import { inferSchema } from './infer-schema.js';
import { proposalStatus } from './proposal-status.js';
import { decideProposals } from './propose-changes.js';
import { decideReference } from './replace-reference.js';
import { isKnown, schemaDecider, type KnownSchema } from './schema-state.js';

const statistics = (maximum = 9): { rows: number; columns: ColumnStatistics[] } => ({
  rows: 100, columns: [
    { name: 'price', type: 'float', missing: 0, nonFinite: 0, distinct: 40, numeric: { minimum: 1, maximum, mean: 4, standardDeviation: 1, zeros: 0, quantiles: [], histogram: { edges: [], counts: [] } } },
    { name: 'city', type: 'string', missing: 0, nonFinite: 0, distinct: 1, top: [{ value: 'Bern', count: 100 }] },
  ],
});
const then = (state: KnownSchema, events: readonly SchemaEvent[]): KnownSchema => {
  const next = events.reduce<ReturnType<typeof schemaDecider.evolve>>(schemaDecider.evolve, state);
  if (!isKnown(next)) throw new Error('it has no schema');
  return next;
};
const first = then(schemaDecider.initialState as KnownSchema, decideInference(schemaDecider.initialState, { schema: inferSchema(statistics()), referenceStatisticsHash: 's', referenceSnapshotHash: 'a', referenceRows: 100, runId: 'run-0' }));

const change = (column: string, value: SchemaChange['change']) => event(SchemaChangeSchema, { column, change: value });
const upTo = (maximum: number) => change('price', { case: 'maximum', value: maximum });
const psi = (value: number) => event(SchemaChangeSchema, { column: 'price', change: { case: 'tolerate', value: { kind: 'COMPARATOR_PSI_HIGH', upTo: value } } });
const found = (batch: string, kind: string, wanted: SchemaChange, severity = FindingSeverity.FAILURE): Anomaly => event(AnomalySchema, { batch, kind, column: wanted.column, severity, change: wanted });
const propose = (runId: string, anomalies: readonly Anomaly[], refused: readonly string[]) => ({ runId, pipeline: 'p', anomalies, refused: refused.map((name) => ({ name, version: 1 })) });
const decide = (ids: readonly string[], accepted = true, actor = 'ann', reason = 'so it is') => ({ ids, accepted, actor, reason });
const ids = (state: KnownSchema) => [...state.proposals.keys()];
const statuses = (state: KnownSchema) => [...state.proposals.values()].map((record) => proposalStatus(record, state.schema));

const two = then(first, decideProposals(first, propose('run-1', [found('b', 'BIG', upTo(30)), found('b', 'PSI', psi(0.3)), found('b', 'NOTE', upTo(1), FindingSeverity.INFO)], ['b'])));

describe('what a gate has found', () => {
  it('is proposed once for each run, with short ids that are the same whenever it is', () => {
    expect(ids(two)).toEqual([expect.stringMatching(/^[0-9a-f]{8}$/), expect.stringMatching(/^[0-9a-f]{8}$/)]);
    expect(decideProposals(two, propose('run-1', [found('b', 'OTHER', upTo(3))], ['b']))).toEqual([]);
    const again = then(first, decideProposals(first, propose('run-1', [found('b', 'BIG', upTo(30)), found('b', 'PSI', psi(0.3))], ['b'])));
    expect(ids(again)).toEqual(ids(two));
    expect(decideProposals(first, propose('run-2', [], []))).toEqual([]);
    expect(decideProposals(schemaDecider.initialState, propose('run-1', [found('b', 'BIG', upTo(30))], ['b']))).toEqual([]);
  });

  it('is not proposed again for each batch as long as it is the same; failures stand by themselves', () => {
    const noted = (batch: string) => found(batch, 'IDENTIFIER_AS_FEATURE', change('id', { case: 'tolerate', value: event(ToleranceSchema, { kind: 'IDENTIFIER_AS_FEATURE' }) }), FindingSeverity.WARNING);
    const once = then(first, decideProposals(first, propose('run-1', [noted('a'), noted('b')], [])));
    expect(ids(once)).toHaveLength(1);
    expect(decideProposals(once, propose('run-2', [noted('c')], []))).toEqual([]);
    expect(decideProposals(then(once, decideOnProposals(once, decide(ids(once), false))), propose('run-3', [noted('d')], []))).toEqual([]);
    const failing = then(first, decideProposals(first, propose('run-1', [found('a', 'BIG', upTo(30))], ['a'])));
    expect(ids(then(failing, decideProposals(failing, propose('run-2', [found('b', 'BIG', upTo(30))], ['b']))))).toHaveLength(2);
  });

  it('in the window stands against all batches that were refused for it', () => {
    const state = then(first, decideProposals(first, propose('run-1', [found('', 'PSI', psi(0.3))], ['b', 'c'])));
    expect(decideOnProposals(state, decide(ids(state))).filter(({ $typeName }) => $typeName.endsWith('BatchCleared'))).toMatchObject([{ batch: 'b' }, { batch: 'c' }]);
  });
});

describe('a decision', () => {
  it('makes a version of the schema, and clears the batch with the last failure', () => {
    const [big, drift] = ids(two);
    const one = decideOnProposals(two, decide([big!]));
    expect(one).toMatchObject([{ ids: [big], accepted: true }, { version: 2, proposals: [big], actor: 'ann', schema: { columns: [{ acceptedMaximum: 30 }, {}] } }]);
    expect(decideOnProposals(then(two, one), decide([drift!], true, 'bob'))).toMatchObject([{ ids: [drift] }, { version: 3 }, { $typeName: 'refit.validation.v1.BatchCleared', batch: 'b', version: 1, pipeline: 'p', runId: 'run-1', actor: 'bob' }]);
  });

  it('is all or nothing', () => {
    expect(() => decideOnProposals(two, decide([...ids(two), 'ffffffff']))).toThrow('there is no proposal ffffffff');
    expect(() => decideOnProposals(two, decide([`${ids(two)[0]}0`]))).toThrow(`Did you mean "${ids(two)[0]}"?`);
  });

  it('is taken once: the same by the same person is nothing, another one is refused and says by whom', () => {
    const [big] = ids(two);
    for (const accepted of [true, false]) {
      const state = then(two, decideOnProposals(two, decide([big!], accepted)));
      expect(decideOnProposals(state, decide([big!], accepted))).toEqual([]);
      expect(() => decideOnProposals(state, decide([big!], !accepted))).toThrow(`proposal ${big} was ${accepted ? 'accepted' : 'rejected'} by ann: so it is`);
      expect(() => decideOnProposals(state, decide([big!], accepted, 'bob'))).toThrow('by ann');
    }
  });

  it('covers the same finding of other runs, whose batches are cleared with it', () => {
    const state = then(two, decideProposals(two, propose('run-2', [found('c', 'BIG', upTo(20))], ['c'])));
    const after = decideOnProposals(state, decide(ids(state).slice(0, 1)));
    expect(after.at(-1)).toMatchObject({ $typeName: 'refit.validation.v1.BatchCleared', batch: 'c', runId: 'run-2' });
    expect(statuses(then(state, after))).toEqual(['accepted', 'open', 'covered']);
  });

  it('that rejects keeps the batch out, whatever else is accepted', () => {
    const [big, drift] = ids(two);
    const state = then(two, decideOnProposals(two, decide([big!], false)));
    expect(decideOnProposals(state, decide([drift!])).map(({ $typeName }) => $typeName)).toEqual(['refit.validation.v1.ProposalsDecided', 'refit.validation.v1.SchemaChanged']);
  });

  it('cannot accept what no change would let pass', () => {
    const { change: _change, ...unchangeable } = found('b', 'ODD', upTo(1));
    const state = then(first, decideProposals(first, propose('run-1', [event(AnomalySchema, unchangeable)], ['b'])));
    expect(() => decideOnProposals(state, decide(ids(state)))).toThrow('no change of the schema would let it pass');
  });
});

describe('a new reference', () => {
  const reference = (hash: string) => ({ schema: inferSchema(statistics(99)), referenceStatisticsHash: hash, referenceSnapshotHash: hash, referenceRows: 100, batch: 'b@1', runId: 'run-1', actor: 'ann', reason: 'expected' });

  it('takes the place of the old one, sets aside what is open, and clears what was refused', () => {
    const events = decideReference(two, reference('n'));
    expect(events).toMatchObject([{ version: 2, referenceSnapshotHash: 'n', schema: { columns: [{ maximum: 99 }, {}] } }, { batch: 'b', runId: 'run-1', actor: 'ann', reason: 'expected' }]);
    const state = then(two, events);
    expect(statuses(state)).toEqual(['superseded', 'superseded']);
    expect(() => decideOnProposals(state, decide(ids(two)))).toThrow('version 2 of the schema has a new one');
    expect(decideReference(state, reference('n'))).toEqual([]);
  });

  it('leaves out what a person has rejected, and keeps what values do not tell', () => {
    const rejected = then(two, decideOnProposals(two, decide(ids(two).slice(0, 1), false)));
    expect(decideReference(rejected, reference('n'))).toHaveLength(1);
    const anomalies = [found('c', 'ENVIRONMENT', change('city', { case: 'environments', value: { $typeName: 'refit.schema.v1.Environments', names: ['training'] } })), found('c', 'MALFORMED', event(SchemaChangeSchema, { column: '', change: { case: 'tolerate', value: { kind: 'MALFORMED_ROWS', upTo: 0.1 } } })), found('c', 'PSI', psi(0.5))];
    const proposed = then(first, decideProposals(first, propose('run-2', anomalies, ['c'])));
    const decided = then(proposed, decideOnProposals(proposed, decide(ids(proposed))));
    expect(decideReference(decided, reference('n'))[0]).toMatchObject({ schema: { columns: [{}, { environments: ['training'] }], tolerated: [{ kind: 'MALFORMED_ROWS' }] } });
  });
});
