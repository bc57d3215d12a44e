import { AlertKind, FindingSeverity } from '@refit/contracts';
import { anomaly, onlyAnomalies, tolerate, type Check } from '../finding.js';
import { looksLikeIdentifier } from './looks-like-identifier.js';
import { seenColumns } from './seen-columns.js';

/** Of a gate that says nothing. */
export const usualLeakage = { auc: 0.98, r2: 0.9 } as const;

/**
 * Columns that a model should not learn from: one that by itself tells the label better than a column of the real world
 * does, as it is a part of it or was written after it; and one that only tells rows apart, which a model can learn by
 * heart. Columns that the features leave out are not asked.
 */
export const checkFeatures: Check = (subject) => {
  const { gate, relations, learning } = subject;
  if (!learning) return onlyAnomalies([]);
  const features = seenColumns(subject).filter(({ column: { name } }) => name !== learning.label && !learning.excluded.includes(name));
  const { measure = 'auc', power = [] } = relations?.label ?? {};
  const limit = measure === 'auc' ? (gate.leakageAuc ?? usualLeakage.auc) : (gate.leakageR2 ?? usualLeakage.r2);
  const told = { auc: 'AUC', r2: 'R²' }[measure];
  const leaks = features.flatMap(({ column: { name } }) => {
    const value = power.find(({ column }) => column === name)?.value;
    if (value === undefined || value < limit) return [];
    return [anomaly(subject, {
      kind: 'LABEL_LEAKAGE', severity: FindingSeverity.WARNING, alertKind: AlertKind.FEATURE, column: name,
      message: `${name}: by itself it tells ${learning.label} with ${told} ${value.toFixed(3)}, implausible from ${limit} on: it may be a part of the label, or be known only after it`,
      observed: `${told} ${value.toFixed(3)}`, expected: `below ${limit}`, change: tolerate('LABEL_LEAKAGE'),
    })];
  });
  const identifiers = features.filter(({ column }) => looksLikeIdentifier(column)).map(({ column: { name }, reference }) => anomaly(subject, {
    // In the reference it was told already.
    kind: 'IDENTIFIER_AS_FEATURE', severity: reference && looksLikeIdentifier(reference) ? FindingSeverity.INFO : FindingSeverity.WARNING, alertKind: AlertKind.FEATURE, column: name,
    message: `${name}: each row has its own, so there is nothing to learn from it; leave it out by features.exclude`,
    observed: 'another value in each row', expected: 'values that repeat', change: tolerate('IDENTIFIER_AS_FEATURE'),
  }));
  return onlyAnomalies([...leaks, ...identifiers]);
};
