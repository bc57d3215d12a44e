import type { Anomaly, DataSchema, Tolerance } from '@refit/contracts';

/** Whether a person has let such an anomaly pass, as bad as it is now. */
export const isTolerated = ({ tolerated }: DataSchema, anomaly: Anomaly): boolean =>
  tolerated.some((tolerance) => tolerance.kind === anomaly.kind && tolerance.column === anomaly.column && isWithin(tolerance, anomaly));

/** How bad it is stands in the change that would accept it: what is not known is not within a bound. */
function isWithin({ upTo, downTo }: Tolerance, { change }: Anomaly): boolean {
  const now = change?.change.case === 'tolerate' ? change.change.value : undefined;
  return (upTo === undefined || (now?.upTo !== undefined && now.upTo <= upTo)) && (downTo === undefined || (now?.downTo !== undefined && now.downTo >= downTo));
}
