import { AlertKind, FindingSeverity, type Anomaly, type DataGate } from '@refit/contracts';
import { checkCategories } from './checks/check-categories.js';
import { checkColumns } from './checks/check-columns.js';
import { checkConstant } from './checks/check-constant.js';
import { checkDrift } from './checks/check-drift.js';
import { checkEncoding } from './checks/check-encoding.js';
import { checkFeatures } from './checks/check-features.js';
import { checkFinite } from './checks/check-finite.js';
import { checkMissingTogether } from './checks/check-missing-together.js';
import { checkMissingValues } from './checks/check-missing-values.js';
import { checkMixedTypes } from './checks/check-mixed-types.js';
import { checkNullTokens } from './checks/check-null-tokens.js';
import { checkRanges } from './checks/check-ranges.js';
import { checkRowCount } from './checks/check-row-count.js';
import { checkRowsAlike } from './checks/check-rows-alike.js';
import { checkSchema } from './checks/check-schema.js';
import { checkSize } from './checks/check-size.js';
import { checkTypes } from './checks/check-types.js';
import { checkUnique } from './checks/check-unique.js';
import { checkUnits } from './checks/check-units.js';
import { checkVariants } from './checks/check-variants.js';
import { checkWildValues } from './checks/check-wild-values.js';
import type { Check, Findings, Subject } from './finding.js';
import { inEnvironment } from './schema/environments.js';
import { letPass } from './schema/tolerated.js';

const checks: readonly Check[] = [
  checkSize, checkSchema, checkColumns, checkTypes, checkMixedTypes,
  checkRowCount, checkUnits, checkDrift, checkConstant,
  checkMissingValues, checkMissingTogether, checkNullTokens, checkFinite, checkEncoding, checkRanges, checkWildValues, checkCategories, checkVariants, checkUnique, checkFeatures, checkRowsAlike,
];

/** Of no rows, or no values, nothing else can be said. */
const checksWithoutValues: readonly Check[] = [checkSize, checkSchema, checkColumns];

export interface DataJudgement extends Findings {
  readonly verdict: 'pass' | 'fail';
}

/**
 * Every check on one batch or window; one failure fails it. Without a schema, only what needs none is checked. What a person
 * has let pass is information, with who did; what was measured of drift stays. Findings come as data is looked at: whether there
 * is any, its schema, its distributions, its features.
 */
export function judgeData(given: Subject): DataJudgement {
  const subject = inEnvironment(given);
  const findings = checksOf(subject).map((check) => check(subject));
  const anomalies = standing(subject, findings)
    .toSorted((a, b) => order.indexOf(a.alertKind) - order.indexOf(b.alertKind));
  return {
    anomalies,
    drift: findings.flatMap((found) => found.drift),
    verdict: anomalies.some(({ severity }) => severity === FindingSeverity.FAILURE) ? 'fail' : 'pass',
  };
}

/** What is wrong with data that has not one value is that; unless it is let pass. */
function checksOf(subject: Subject): readonly Check[] {
  const isHollow = subject.statistics.rows === 0 || standing(subject, [checkSize(subject)]).some(({ kind, severity }) => kind === 'DATASET_WITHOUT_VALUES' && severity === FindingSeverity.FAILURE);
  return isHollow ? checksWithoutValues : checks;
}

/** What was found, as severe as the pipeline file has it; what a person has let pass is information. */
const standing = ({ expected, gate }: Subject, findings: readonly Findings[]): readonly Anomaly[] =>
  findings.flatMap(({ anomalies }) => anomalies).flatMap((anomaly) => asSevereAsSet(anomaly, gate)).map((anomaly) => (expected ? letPass(expected.schema, anomaly) : anomaly));

const order = [AlertKind.EMPTY_DATA, AlertKind.SCHEMA, AlertKind.DISTRIBUTION, AlertKind.FEATURE, AlertKind.UNSPECIFIED];

/** The pipeline file has the last word; that there is no data at all it cannot talk away. */
function asSevereAsSet(anomaly: Anomaly, { severities }: DataGate): readonly Anomaly[] {
  const set = anomaly.alertKind === AlertKind.EMPTY_DATA ? undefined : severities.find(({ kind }) => kind === anomaly.kind)?.severity;
  if (set === undefined) return [anomaly];
  return set === FindingSeverity.UNSPECIFIED ? [] : [{ ...anomaly, severity: set }];
}
