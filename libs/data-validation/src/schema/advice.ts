import { ExpectationVerdict, type Anomaly } from '@refit/contracts';

/** What to do about an anomaly that no change of the schema accepts, as part of a sentence. */
export function adviceFor(anomaly: Pick<Anomaly, 'expectation'> | undefined): string {
  if (!anomaly?.expectation) return 'mend the data and deliver it again, or loosen dataGate in the pipeline file and apply it';
  const isUnknown = anomaly.expectation.verdict === ExpectationVerdict.UNKNOWN;
  return `mend the data and deliver it again, or write the expectation differently${isUnknown ? ', so that it can be judged,' : ''} and apply the pipeline`;
}
