import { AlertKind, DriftMeasureSchema, DriftVerdict, event, FindingSeverity, type Anomaly, type DriftMeasure } from '@refit/contracts';
import { anomaly, tolerate, type Findings, type Subject } from '../finding.js';
import { classifierLimits, type ClassifierLimits } from './classifier-limits.js';
import type { ClassifierOutcome } from './compared.js';

/** How often chance alone may tell rows apart that are of one population. */
const significance = 0.01;
const listed = 5;

/**
 * What to make of a classifier that tried to tell the rows from those of the reference: it warns where it does better than
 * chance and well enough to matter, and fails only where the pipeline file has a limit for that; then it fails also where
 * it could not be asked, which else is only said; for want of rows it is said of the columns.
 */
export function judgeToldApart(subject: Subject): Findings {
  const outcome = subject.compared?.classifier;
  const limits = classifierLimits(subject.gate);
  if (!outcome || !limits) return { anomalies: [], drift: [] };
  const judged = judge(outcome, limits);
  return { drift: [measureOf(subject.batch, outcome, limits, judged)], anomalies: findings(subject, outcome, limits, judged.severity) };
}

type Judged = Pick<DriftMeasure, 'verdict' | 'severity'>;

function judge(outcome: ClassifierOutcome, { warning, failure = Infinity }: ClassifierLimits): Judged {
  if ('inconclusive' in outcome) return { verdict: outcome.tooFewRows ? DriftVerdict.TOO_FEW_ROWS : DriftVerdict.UNKNOWN, severity: FindingSeverity.UNSPECIFIED };
  const { auc, pValue } = outcome.toldApart;
  if (pValue > significance || auc < Math.min(warning, failure)) return { verdict: DriftVerdict.STEADY, severity: FindingSeverity.UNSPECIFIED };
  return { verdict: DriftVerdict.MOVED, severity: auc >= failure ? FindingSeverity.FAILURE : FindingSeverity.WARNING };
}

function measureOf(batch: string, outcome: ClassifierOutcome, { warning, failure }: ClassifierLimits, judged: Judged): DriftMeasure {
  const common = { batch, measure: 'domain-classifier', warningAt: warning, ...(failure !== undefined && { failureAt: failure }), ...judged };
  if ('inconclusive' in outcome) return event(DriftMeasureSchema, { ...common, seen: `inconclusive: ${outcome.inconclusive}` });
  const { auc, interval: [low, high], pValue, sampleRows, referenceRows } = outcome.toldApart;
  const columns = outcome.columns.slice(0, listed).map(({ column, aucWithout }) => ({ column, aucWithout: rounded(aucWithout) }));
  return event(DriftMeasureSchema, {
    ...common, value: rounded(auc), pValue: rounded(pValue), rows: sampleRows, referenceRows,
    toldApart: { low: rounded(low), high: rounded(high), columns }, seen: toldBy(outcome),
  });
}

const rounded = (value: number) => Number(value.toPrecision(6));

/** `told apart by delay (AUC 0.52 without it), origin (0.61)` */
function toldBy(outcome: Exclude<ClassifierOutcome, { readonly inconclusive: string }>): string {
  const named = outcome.columns.slice(0, 3).map(({ column, aucWithout }, i) => `${column} (${i === 0 ? `AUC ${aucWithout.toFixed(2)} without it` : aucWithout.toFixed(2)})`);
  return named.length === 0 ? '' : `told apart by ${named.join(', ')}`;
}

function findings(subject: Subject, outcome: ClassifierOutcome, { warning, failure }: ClassifierLimits, severity: FindingSeverity): readonly Anomaly[] {
  const about = { alertKind: AlertKind.DISTRIBUTION } as const;
  if ('inconclusive' in outcome) {
    if (outcome.tooFewRows) return [];
    return [anomaly(subject, {
      ...about, kind: 'COMPARATOR_CLASSIFIER_INCONCLUSIVE', severity: failure === undefined ? FindingSeverity.INFO : FindingSeverity.FAILURE, observed: 'unknown', expected: `below ${warning}`,
      message: `whether the rows as a whole differ from the reference's is not known: ${outcome.inconclusive}`,
    })];
  }
  if (severity === FindingSeverity.UNSPECIFIED) return [];
  const { auc, interval: [low, high] } = outcome.toldApart;
  const limit = severity === FindingSeverity.FAILURE ? (failure ?? warning) : Math.min(warning, failure ?? warning);
  return [anomaly(subject, {
    ...about, kind: 'COMPARATOR_CLASSIFIER_AUC_HIGH', severity, observed: auc.toFixed(3), expected: `below ${limit}`, change: tolerate('COMPARATOR_CLASSIFIER_AUC_HIGH', { upTo: auc }),
    message: `a classifier tells the rows from those of the reference: AUC ${auc.toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)}), ${severity === FindingSeverity.FAILURE ? 'failure' : 'warning'} at ${limit}${outcome.columns.length === 0 ? '' : `, ${toldBy(outcome)}`}`,
  })];
}
