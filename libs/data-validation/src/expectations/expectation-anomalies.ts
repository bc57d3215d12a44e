import { AlertKind, AnomalySchema, event, ExpectationVerdict, FindingSeverity, type Anomaly, type Expectation, type ExpectationAnomalyKind, type ExpectationResult } from '@refit/contracts';
import type { DataJudgement } from '../judge-data.js';
import { expectedColumn } from './expected-columns.js';

/** TFDV's name for what was written by hand, also where it could not be judged. */
const kinds: Readonly<Partial<Record<ExpectationVerdict, ExpectationAnomalyKind>>> = {
  [ExpectationVerdict.BROKEN]: 'CUSTOM_VALIDATION',
  [ExpectationVerdict.UNKNOWN]: 'CUSTOM_VALIDATION_UNKNOWN',
  [ExpectationVerdict.NOT_YET]: 'CUSTOM_VALIDATION_NOT_YET',
};

/** What is said of data, hand-written expectations included. */
export interface ExpectantJudgement extends DataJudgement {
  /** Of every expectation that was asked, in their order. */
  readonly expectations: readonly ExpectationResult[];
}

/**
 * A judgement together with what became of the expectations: one that is broken, or cannot be judged, is an anomaly of the
 * severity that was written beside it. No change of the schema accepts it: who wrote it has to write it differently.
 */
export function withExpectations(judgement: DataJudgement, expectations: readonly Expectation[], results: readonly ExpectationResult[]): ExpectantJudgement {
  const anomalies = [...judgement.anomalies, ...results.flatMap((result) => expectationAnomaly(expectations, result))];
  return { ...judgement, anomalies, expectations: results, verdict: anomalies.some(({ severity }) => severity === FindingSeverity.FAILURE) ? 'fail' : 'pass' };
}

function expectationAnomaly(expectations: readonly Expectation[], result: ExpectationResult): readonly Anomaly[] {
  const kind = kinds[result.verdict];
  const expectation = expectations.find(({ name }) => name === result.name);
  if (kind === undefined || !expectation) return [];
  const isUnknown = result.verdict === ExpectationVerdict.UNKNOWN;
  return [event(AnomalySchema, {
    kind, batch: result.batch, column: expectedColumn(expectation), alertKind: alertKindOf(expectation), expectation: result,
    severity: result.verdict === ExpectationVerdict.NOT_YET ? FindingSeverity.INFO : expectation.severity || FindingSeverity.FAILURE,
    message: `expected ${result.name}: ${isUnknown ? 'cannot be judged, ' : ''}${result.message}`,
    observed: isUnknown ? 'unknown' : observed(result), expected: expected(result),
  })];
}

const aboutWholes: readonly Expectation['expected']['case'][] = ['rowCount', 'fresh', 'disjoint'];

const alertKindOf = ({ expected: { case: kind } }: Expectation) => (aboutWholes.includes(kind) ? AlertKind.DISTRIBUTION : AlertKind.FEATURE);

const observed = ({ judgedRows, unexpectedRows, message }: ExpectationResult) => (judgedRows > 0 ? `${unexpectedRows} of ${judgedRows} rows unexpected` : message);

const expected = ({ judgedRows, toleratedRows, name }: ExpectationResult) => (judgedRows > 0 ? `at most ${toleratedRows} unexpected` : name);
