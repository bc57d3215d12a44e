import { FindingSeverity } from '@refit/contracts';
import { checkCategories } from './checks/check-categories.js';
import { checkColumns } from './checks/check-columns.js';
import { checkDrift } from './checks/check-drift.js';
import { checkFinite } from './checks/check-finite.js';
import { checkMissingValues } from './checks/check-missing-values.js';
import { checkRanges } from './checks/check-ranges.js';
import { checkSize } from './checks/check-size.js';
import { checkTypes } from './checks/check-types.js';
import type { Check, Findings, Subject } from './finding.js';
import { inEnvironment } from './schema/environments.js';
import { isTolerated } from './schema/tolerated.js';

const checks: readonly Check[] = [checkSize, checkColumns, checkTypes, checkMissingValues, checkFinite, checkRanges, checkCategories, checkDrift];

/** Of no rows nothing else can be said. */
const checksWithoutRows: readonly Check[] = [checkSize, checkColumns];

export interface DataJudgement extends Findings {
  readonly verdict: 'pass' | 'fail';
}

/**
 * Every check on one batch or window; one failure fails it. Without a schema, only what needs none is checked. What a person
 * has let pass is no finding any more; what was measured of drift stays.
 */
export function judgeData(given: Subject): DataJudgement {
  const subject = inEnvironment(given);
  const findings = (subject.statistics.rows === 0 ? checksWithoutRows : checks).map((check) => check(subject));
  const schema = subject.expected?.schema;
  const anomalies = findings.flatMap((found) => found.anomalies).filter((anomaly) => !schema || !isTolerated(schema, anomaly));
  return {
    anomalies,
    drift: findings.flatMap((found) => found.drift),
    verdict: anomalies.some(({ severity }) => severity === FindingSeverity.FAILURE) ? 'fail' : 'pass',
  };
}
