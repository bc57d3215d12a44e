import type { OffendersEvent } from '@refit/contracts';
import { describe, expect, it } from 'vitest';
import { chosenOffenders, decideForgetting, decideKeeping, offendersDecider, type KeptOffenders, type OffendersState } from './offenders-decider.js';

const kept = (hash: string, runId: string, batch = 'week-1'): KeptOffenders => ({ hash, runId, batch, pipeline: 'shop', expectations: ['a not null'], rows: 3 });
const fold = (events: readonly OffendersEvent[], state: OffendersState = offendersDecider.initialState) => events.reduce(offendersDecider.evolve, state);
const keep = (state: OffendersState, ...all: readonly KeptOffenders[]) => all.reduce((s, one) => fold(decideKeeping(s, one), s), state);
const forget = { actor: 'ann', reason: 'asked by the customer', now: 5000 };
const start = keep(offendersDecider.initialState, kept('h1', 'r1'), kept('h1', 'r2'), kept('h2', 'r2', ''), kept('h3', 'r3', 'week-2'));

describe('kept offenders', () => {
  it('are recorded once for each run and batch', () => {
    expect(decideKeeping(start, kept('h1', 'r1'))).toEqual([]);
    expect(decideKeeping(start, kept('h1', 'r9'))).toHaveLength(1);
  });

  it('are found by hash, run or batch; the window is no batch', () => {
    const hashes = (choice: Parameters<typeof chosenOffenders>[1]) => chosenOffenders(start, choice).map(({ hash, runId }) => `${hash} ${runId}`);
    expect(hashes({ hash: 'h1' })).toEqual(['h1 r1', 'h1 r2']);
    expect(hashes({ runId: 'r2' })).toEqual(['h1 r2', 'h2 r2']);
    expect(hashes({ batch: 'week-2' })).toEqual(['h3 r3']);
    expect(hashes({ batch: '' })).toEqual([]);
  });
});

describe('forgotten offenders', () => {
  it('are recorded with who, when and why, each once', () => {
    const state = fold(decideForgetting(start, { choice: { runId: 'r2' }, ...forget }), start);
    expect([...state.forgotten]).toEqual([['h1', { actor: 'ann', reason: 'asked by the customer', at: 5000 }], ['h2', { actor: 'ann', reason: 'asked by the customer', at: 5000 }]]);
    expect(decideForgetting(state, { choice: { runId: 'r1' }, ...forget })).toEqual([]);
    expect(decideForgetting(state, { choice: { batch: 'week-2' }, ...forget })).toHaveLength(1);
  });

  it('are never kept again, whatever run finds them', () => {
    const state = fold(decideForgetting(start, { choice: { hash: 'h1' }, ...forget }), start);
    expect(decideKeeping(state, kept('h1', 'r9'))).toEqual([]);
    expect(decideKeeping(state, kept('h4', 'r9'))).toHaveLength(1);
  });

  it('that were never kept are an error', () => {
    expect(() => decideForgetting(start, { choice: { runId: 'r7' }, ...forget })).toThrow('no offending rows were kept for run r7');
  });
});
