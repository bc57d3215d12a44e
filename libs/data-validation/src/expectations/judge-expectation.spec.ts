import { create } from '@bufbuild/protobuf';
import { AlertKind, ExpectationSchema, ExpectationVerdict, FindingSeverity, parseExpectationsFile } from '@refit/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toleratedRows } from './decimal.js';
import { withExpectations } from './expectation-anomalies.js';
import { appliesTo } from './expected-columns.js';
import { judgeExpectation } from './judge-expectation.js';
import { keyColumnsOf } from './key-columns.js';
import { unknown, type Measured } from './measured.js';

const expectation = (yaml: string) => parseExpectationsFile(`[${yaml}]`, { fileName: 'e.yaml', baseDirectory: '/' })[0] ?? create(ExpectationSchema);
const rows = (judged: number, unexpected: number, { asked = judged, all = asked }: { asked?: number; all?: number } = {}): Measured =>
  ({ is: 'rows', rows: all, asked, judged, unexpected });
const verdict = (yaml: string, measured: Measured) => ExpectationVerdict[judgeExpectation(expectation(yaml), measured, 'week').verdict];
const day = 86_400_000;

describe('an expectation of rows', () => {
  it('is kept as long as no more are unexpected than it tolerates', () => {
    expect(verdict('{ notNull: a, mostly: 0.9 }', rows(10, 1))).toBe('KEPT');
    expect(verdict('{ notNull: a, mostly: 0.9 }', rows(10, 2))).toBe('BROKEN');
    expect(verdict('{ notNull: a }', rows(10, 1))).toBe('BROKEN');
    fc.assert(fc.property(fc.integer({ min: 1, max: 1e9 }), fc.double({ min: 0.001, max: 1, noNaN: true }), (judged, mostly) => {
      const edge = toleratedRows(judged, mostly);
      const judge = (unexpected: number) => judgeExpectation({ ...expectation('{ notNull: a }'), mostly }, rows(judged, unexpected), '').verdict;
      expect([judge(edge), edge < judged ? judge(edge + 1) : ExpectationVerdict.BROKEN]).toEqual([ExpectationVerdict.KEPT, ExpectationVerdict.BROKEN]);
    }));
  });

  it('is never kept by what could not be judged', () => {
    expect(verdict('{ notNull: a }', rows(0, 0))).toBe('UNKNOWN');
    expect(verdict('{ notNull: a, mostly: 0.01 }', unknown('the data has no column "a"'))).toBe('UNKNOWN');
    expect(verdict('{ allowed: { column: a, values: [1] } }', rows(0, 0, { asked: 50 }))).toBe('UNKNOWN');
  });

  it('is kept where it is about no row', () => {
    expect(verdict('{ notNull: a, where: b = 1 }', rows(0, 0, { asked: 0, all: 50 }))).toBe('KEPT');
    expect(verdict('{ notNull: a, where: b = 1 }', rows(0, 0, { asked: 0, all: 0 }))).toBe('UNKNOWN');
  });

  it('says how many, of how many, and how many may be', () => {
    const broken = judgeExpectation(expectation('{ notNull: a, mostly: 0.995 }'), rows(1200, 12), 'week');
    expect(broken).toMatchObject({ name: 'a not null', batch: 'week', judgedRows: 1200, unexpectedRows: 12, toleratedRows: 6, mostly: 0.995, message: '12 of 1,200 rows are not (1.0 %), 6 may be' });
  });
});

describe('freshness', () => {
  const fresh = (newest: number | undefined) => verdict('{ fresh: { column: t, within: 2d } }', { is: 'newest', rows: 9, newest, now: 10 * day });

  it('is the age of the newest time', () => {
    expect([fresh(8 * day), fresh(8 * day - 1), fresh(11 * day), fresh(undefined)]).toEqual(['KEPT', 'BROKEN', 'KEPT', 'UNKNOWN']);
  });
});

describe('the number of rows', () => {
  const counts = (count: number, accepted: readonly number[], yaml = '{ rowCount: { batches: 4, atLeast: 0.9, atMost: 1.1 } }') => verdict(yaml, { is: 'rowCount', rows: count, accepted });

  it('lies in a band around the median of the last accepted batches, whose edges belong to it', () => {
    const accepted = [5, 90, 100, 110, 1000]; // the last four have the median 105: 94.5 to 115.5
    expect([94, 95, 115, 116].map((count) => counts(count, accepted))).toEqual(['BROKEN', 'KEPT', 'KEPT', 'BROKEN']);
    expect([counts(9, [10, 10, 10]), counts(11, [10, 10, 10])]).toEqual(['KEPT', 'KEPT']); // 1.1 * 10 is 11.000000000000002
    expect(counts(0, [0, 0, 0])).toBe('KEPT');
  });

  it('is not judged before there is a history, which stops nothing and is said', () => {
    expect(counts(1, [10, 10])).toBe('NOT_YET');
    expect(counts(1, [10], '{ rowCount: { batches: 1 } }')).toBe('BROKEN');
    const judged = expectation('{ rowCount: {} }');
    const result = judgeExpectation(judged, { is: 'rowCount', rows: 1, accepted: [] }, '');
    expect(withExpectations({ anomalies: [], drift: [], verdict: 'pass' }, [judged], [result])).toMatchObject({ verdict: 'pass', anomalies: [{ kind: 'CUSTOM_VALIDATION_NOT_YET', severity: FindingSeverity.INFO }] });
  });
});

describe('a judgement with expectations', () => {
  const kept = { anomalies: [], drift: [], verdict: 'pass' } as const;
  const judged = (yaml: string, measured: Measured) => {
    const asked = expectation(yaml);
    return withExpectations(kept, [asked], [judgeExpectation(asked, measured, 'week')]);
  };

  it('fails by a broken one, and by one that could not be judged, as severe as was written', () => {
    expect(judged('{ between: { column: a, minimum: 0 } }', rows(10, 3))).toMatchObject({
      verdict: 'fail',
      anomalies: [{
        kind: 'CUSTOM_VALIDATION', severity: FindingSeverity.FAILURE, column: 'a', batch: 'week', alertKind: AlertKind.FEATURE,
        message: 'expected a at least 0: 3 of 10 rows are not (30.0 %), none may be', observed: '3 of 10 rows unexpected', expected: 'at most 0 unexpected',
        expectation: { unexpectedRows: 3, judgedRows: 10 },
      }],
    });
    expect(judged('{ notNull: a }', unknown('the data has no column "a"'))).toMatchObject({ verdict: 'fail', anomalies: [{ kind: 'CUSTOM_VALIDATION_UNKNOWN', observed: 'unknown' }] });
    expect(judged('{ notNull: a, severity: warning }', rows(10, 3))).toMatchObject({ verdict: 'pass', anomalies: [{ severity: FindingSeverity.WARNING }] });
    expect(judged('{ notNull: a }', rows(10, 0))).toMatchObject({ verdict: 'pass', anomalies: [], expectations: [{ verdict: ExpectationVerdict.KEPT }] });
  });

  it('offers no change of the schema: who wrote an expectation writes another', () => {
    expect(judged('{ notNull: a }', rows(10, 3)).anomalies[0]?.change).toBeUndefined();
  });
});

describe('what an expectation is about', () => {
  it('is a batch, a window or both', () => {
    const of = (yaml: string) => (['batch', 'window'] as const).filter((what) => appliesTo(expectation(yaml), what));
    expect(of('{ notNull: a }')).toEqual(['batch', 'window']);
    expect(of('{ increasing: a }')).toEqual(['batch']);
    expect(of('{ rowCount: {} }')).toEqual(['batch']);
    expect(of('{ disjoint: a }')).toEqual(['window']);
  });

  it('tells rows by the first key that is expected', () => {
    expect(keyColumnsOf([expectation('{ notNull: a }'), expectation('{ unique: [b, c] }')], undefined)).toEqual(['b', 'c']);
    expect(keyColumnsOf([], undefined)).toEqual([]);
  });
});
