import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { AlertKind, AlertRaisedSchema, event, FindingSeverity, type AlertRaised, type Anomaly, type DataIngested } from '@refit/contracts';
import type { Judged, Validating } from './validating.js';

const kinds = [
  [AlertKind.EMPTY_DATA, 'empty-data'],
  [AlertKind.SCHEMA, 'schema'],
  [AlertKind.DISTRIBUTION, 'distribution'],
  [AlertKind.FEATURE, 'feature'],
] as const;

const listed = 5;

/** One alert for each kind of anomaly that made the gate say no. */
export function alertEvents({ context, ingested }: Validating, judged: Judged): readonly AlertRaised[] {
  const failures = judged.anomalies.filter(({ severity }) => severity === FindingSeverity.FAILURE);
  return kinds.flatMap(([alertKind, kind]) => {
    const found = failures.filter((anomaly) => anomaly.alertKind === alertKind);
    if (found.length === 0) return [];
    return [event(AlertRaisedSchema, {
      kind,
      severity: FindingSeverity.FAILURE,
      title: `Data of ${ingested.dataset} refused: ${whatOf(kind, found)}`,
      message: `${sentences(found)}. ${consequence(ingested, judged)}`,
      raisedAt: timestampFromMs(context.now()),
    })];
  });
}

function whatOf(kind: (typeof kinds)[number][1], found: readonly Anomaly[]): string {
  if (kind === 'empty-data') return `${placesOf(found)} ${found.length === 1 ? 'is' : 'are'} empty`;
  return `${kind} ${found.length === 1 ? 'anomaly' : 'anomalies'} in ${placesOf(found)}`;
}

const placeOf = ({ batch }: Anomaly) => (batch === '' ? 'the window' : `batch ${batch}`);

function placesOf(anomalies: readonly Anomaly[]): string {
  const places = [...new Set(anomalies.map(placeOf))];
  return places.length > 3 ? `${places.length} batches` : places.join(', ');
}

function sentences(anomalies: readonly Anomaly[]): string {
  const several = new Set(anomalies.map(placeOf)).size > 1;
  const texts = anomalies.slice(0, listed).map((anomaly) => (several ? `${placeOf(anomaly)}: ${anomaly.message}` : anomaly.message));
  const rest = anomalies.length - listed;
  return `${texts.join('; ')}${rest > 0 ? `; and ${rest} more` : ''}`;
}

/** Not every refusal is the sender's fault: the world may have moved. */
function remedy({ dataset }: DataIngested, { schema, anomalies }: Judged): string {
  const failures = anomalies.filter(({ severity }) => severity === FindingSeverity.FAILURE);
  // What was written by hand is accepted by nobody but who writes it differently.
  const inSchema = schema !== undefined && failures.every(({ expectation }) => !expectation);
  return `If the data is right as it is, ${inSchema ? `say so: refit data schema list ${dataset}` : 'loosen dataGate in the pipeline file and announce it again'}.`;
}

function consequence(ingested: DataIngested, judged: Judged): string {
  const { windowOnly, rejectedBatches } = judged;
  if (rejectedBatches.length === 0) return 'No batch is new; the window as a whole was refused.';
  const them = rejectedBatches.length > 5 ? `${rejectedBatches.length} batches` : rejectedBatches.join(', ');
  if (windowOnly) return `Each new batch passes alone, but their window does not: ${them} left out until delivered again. ${remedy(ingested, judged)}`;
  return `Left out until delivered again: ${them}. ${remedy(ingested, judged)}`;
}
