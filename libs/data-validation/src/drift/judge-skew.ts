import { FindingSeverity, type DataGate } from '@refit/contracts';
import { checkDrift } from '../checks/check-drift.js';
import type { DataJudgement } from '../judge-data.js';
import { inEnvironment } from '../schema/environments.js';
import { inferSchema } from '../schema/infer-schema.js';
import type { DatasetStatistics } from '../statistics.js';
import type { Compared } from './compared.js';

export interface Skew {
  readonly training: DatasetStatistics;
  /** What predictions were asked for, computed against those of training. */
  readonly serving: DatasetStatistics;
  readonly gate: DataGate;
  /** What the rows of both tell; absent: their statistics have to do. */
  readonly compared?: Compared;
}

/**
 * Whether predictions are asked for rows like those that a model has learnt from: the drift of every column from training to
 * serving, judged as that of a batch from the reference. What only training has, such as the label, is not asked for.
 */
export function judgeSkew({ training, serving, gate, compared = {} }: Skew): DataJudgement {
  const subject = inEnvironment({ batch: '', statistics: serving, malformedRows: 0, gate, environment: 'serving', expected: { schema: inferSchema(training), reference: training }, compared });
  const found = checkDrift(subject);
  return { ...found, verdict: found.anomalies.some(({ severity }) => severity === FindingSeverity.FAILURE) ? 'fail' : 'pass' };
}
