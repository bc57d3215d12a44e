import { BatchIngestedSchema, event, WindowSchema, type Window } from '@refit/contracts';
import { describe, expect, it } from 'vitest';
import { nameOf, newestVersions, type BatchVersion } from './dataset-state.js';
import { datasetDecider } from './evolve-dataset.js';
import { countsBefore, rowsBefore, withinReach } from './past-window.js';

const day = 86_400_000;
/** From day `from` to the last moment of day `until`, with a row an hour. */
const batch = (name: string, from?: number, until?: number) =>
  event(BatchIngestedSchema, {
    batch: { name }, version: 1, snapshot: { hash: name, rows: from === undefined || until === undefined ? 10 : 24 * (until - from + 1) },
    ...(from !== undefined && { timeFrom: from * day }), ...(until !== undefined && { timeUntil: (until + 1) * day - 1 }),
  });
const batches: readonly BatchVersion[] = newestVersions([batch('week-1', 0, 6), batch('week-3', 14, 20), batch('week-2', 7, 13), batch('timeless')].reduce(datasetDecider.evolve, datasetDecider.initialState));
const window = (last: Window['last']) => event(WindowSchema, { last });
const byDays = (days: number) => window({ case: 'durationMs', value: days * day });
const names = (found: readonly BatchVersion[]) => found.map(nameOf);

describe('a window that ends at a past time', () => {
  it.each<[string, Window, number, readonly string[]]>([
    ['counts a batch of which some was there', byDays(28), 10, ['week-1', 'week-2']],
    ['by batches counts only whole ones', window({ case: 'batches', value: 4 }), 10, ['week-1']],
    ['counts one that ends just then', window({ case: 'batches', value: 4 }), 14, ['week-1', 'week-2']],
    ['counts none before the first', byDays(28), 0, []],
  ])('%s', (_name, of, end, expected) => {
    expect(names(batches.filter((candidate) => countsBefore(candidate, of, end * day)))).toEqual(expected);
  });

  it('by duration reaches back from its end', () => {
    expect(names(withinReach(batches.slice(0, 3), byDays(7), 20 * day))).toEqual(['week-3', 'week-2']);
    expect(names(withinReach(batches.slice(0, 3), byDays(7), undefined))).toEqual(['week-3']);
  });

  it.each<[string, Window, number, { batches: number; rows: number; exact: boolean }]>([
    ['by duration, whole batches', byDays(7), 14, { batches: 1, rows: 168, exact: true }],
    ['by duration, parts of them', byDays(7), 10, { batches: 2, rows: 336, exact: false }],
    ['by rows', window({ case: 'rows', value: 200 }), 14, { batches: 2, rows: 200, exact: true }],
    ['by batches', window({ case: 'batches', value: 1 }), 14, { batches: 1, rows: 168, exact: true }],
    ['all there is', window({ case: undefined }), 30, { batches: 3, rows: 504, exact: true }],
    ['nothing', byDays(7), 0, { batches: 0, rows: 0, exact: true }],
  ])('has so many rows: %s', (_name, of, end, expected) => {
    expect(rowsBefore(batches, of, end * day)).toEqual(expected);
  });
});
