import { event, ExpectationResultSchema, ExpectationVerdict, type Expectation, type ExpectationResult } from '@refit/contracts';
import { collectOffenders, measureExpectations, openAccess, type DuckDb, type RowsSource } from '@refit/data';
import { appliesTo, judgeExpectation, keyColumnsOf, unknown, type Measured, type OffendersOfExpectation } from '@refit/data-validation';

/** What is expected by hand, and what counts as now, in milliseconds since 1970. */
export interface ExpectedByHand {
  readonly expectations: readonly Expectation[];
  readonly now: number;
}

/** What became of it in a file. */
export interface FileExpectations {
  readonly asked: readonly Expectation[];
  readonly results: readonly ExpectationResult[];
  readonly keyColumns: readonly string[];
  /** Rows that are not as expected: they are only shown, and kept nowhere. */
  readonly offenders: readonly OffendersOfExpectation[];
}

/** As the gate judges a new batch. What a file alone cannot tell, as it has no history and no split, is said and stops nothing. */
export async function judgeFileExpectations(db: DuckDb, source: RowsSource, { expectations, now }: ExpectedByHand, rows: number): Promise<FileExpectations> {
  const access = openAccess(db, source);
  const ofBatches = expectations.filter((expectation) => appliesTo(expectation, 'batch'));
  const measured = await measureExpectations(access, ofBatches.filter(({ expected }) => expected.case !== 'rowCount'), { now });
  const withoutHistory: Measured = { is: 'rowCount', rows, accepted: [] };
  const results = expectations.map((expectation) => {
    if (!ofBatches.includes(expectation)) return ofWindows(expectation);
    return judgeExpectation(expectation, expectation.expected.case === 'rowCount' ? withoutHistory : (measured.get(expectation.name) ?? unknown('nothing was counted')), '');
  });
  const broken = results.filter(({ verdict, unexpectedRows }) => verdict === ExpectationVerdict.BROKEN && unexpectedRows > 0);
  const keyColumns = keyColumnsOf(expectations, undefined);
  const unexpected = new Map(broken.map(({ name, unexpectedRows }) => [name, unexpectedRows]));
  const offenders = broken.length === 0 ? [] : await collectOffenders(access, expectations.filter(({ name }) => unexpected.has(name)), { now, keyColumns, unexpected });
  return { asked: expectations, results, keyColumns, offenders };
}

const ofWindows = ({ name }: Expectation): ExpectationResult =>
  event(ExpectationResultSchema, { name, verdict: ExpectationVerdict.NOT_YET, message: 'only the window of a run has test rows: a run will judge it' });
