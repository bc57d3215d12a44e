import { toJson } from '@bufbuild/protobuf';
import { DataRejectedSchema, DataValidatedSchema, DriftMeasureSchema, event, type RunEvent } from '@refit/contracts';
import { boundFindings } from '@refit/data-validation';
import { alertEvents } from './alert-events.js';
import type { Judged, Validating } from './validating.js';

/** DataValidated; or the alerts and DataRejected. What was measured of drift is kept whole as an artifact. */
export async function outcomeEvents(validating: Validating, judged: Judged): Promise<readonly RunEvent[]> {
  const { anomalies, drift } = boundFindings(judged);
  const found = {
    schemaVersion: judged.schema?.version ?? 0, anomalies: [...anomalies], drift: [...drift], acceptedBatches: [...judged.acceptedBatches],
    driftEvidenceHash: await keepEvidence(validating, judged),
  };
  if (judged.verdict === 'pass') {
    return [event(DataValidatedSchema, { ...found, schemaInferred: judged.schema?.runId === validating.context.runId })];
  }
  return [...alertEvents(validating, judged), event(DataRejectedSchema, { ...found, rejectedBatches: [...judged.rejectedBatches] })];
}

/** The hash of the artifact; empty when nothing was measured. */
const keepEvidence = async ({ runtime: { artifacts } }: Validating, { drift }: Judged): Promise<string> =>
  drift.length === 0 ? '' : artifacts.putJson({ drift: drift.map((measure) => toJson(DriftMeasureSchema, measure)) });
