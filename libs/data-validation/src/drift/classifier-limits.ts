import type { DataGate } from '@refit/contracts';

export interface ClassifierLimits {
  readonly warning: number;
  /** Undefined: it only warns. */
  readonly failure: number | undefined;
  /** Most rows of each side. */
  readonly rows: number;
}

/**
 * What the gate asks of a classifier that tells new rows from the reference's; undefined: nothing. A shift of a single
 * column by .54 standard deviations gives an AUC of .65; weeks of flights, where every difference from the
 * first is credible, go up to .62.
 */
export function classifierLimits({ domainClassifier }: Pick<DataGate, 'domainClassifier'>): ClassifierLimits | undefined {
  if (domainClassifier?.disabled) return undefined;
  return { warning: domainClassifier?.warning ?? 0.65, failure: domainClassifier?.failure, rows: domainClassifier?.rows ?? 5000 };
}
