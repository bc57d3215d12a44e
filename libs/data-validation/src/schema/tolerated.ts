import { FindingSeverity, type Anomaly, type DataSchema, type Tolerance } from '@refit/contracts';
import { describeOrigin } from './describe-change.js';

/** An anomaly that a person has let pass, as bad as it is now, is said for information, with who did and why: nothing is hidden. */
export function letPass({ tolerated }: DataSchema, anomaly: Anomaly): Anomaly {
  const tolerance = tolerated.find((one) => one.kind === anomaly.kind && one.column === anomaly.column && isWithin(one, anomaly));
  return tolerance ? { ...anomaly, severity: FindingSeverity.INFO, message: `${anomaly.message}; let pass${describeOrigin(tolerance)}` } : anomaly;
}

/** How bad it is stands in the change that would accept it: what is not known is not within a bound. */
function isWithin({ upTo, downTo }: Tolerance, { change }: Anomaly): boolean {
  const now = change?.change.case === 'tolerate' ? change.change.value : undefined;
  return (upTo === undefined || (now?.upTo !== undefined && now.upTo <= upTo)) && (downTo === undefined || (now?.downTo !== undefined && now.downTo >= downTo));
}
