import { toJson } from '@bufbuild/protobuf';
import { DataRejectedSchema, DataValidatedSchema, DriftMeasureSchema, event, ExpectationResultSchema, type RunEvent } from '@refit/contracts';
import { boundFindings, keptExpectations } from '@refit/data-validation';
import { alertEvents } from './alert-events.js';
import type { Judged, Validating } from './validating.js';

/** DataValidated; or the alerts and DataRejected. What was measured of drift, and what became of each expectation, is kept whole as an artifact. */
export async function outcomeEvents(validating: Validating, judged: Judged): Promise<readonly RunEvent[]> {
  const { anomalies, drift } = boundFindings(judged);
  const found = {
    schemaVersion: judged.schema?.version ?? 0, anomalies: [...anomalies], drift: [...drift], acceptedBatches: [...judged.acceptedBatches],
    driftEvidenceHash: await keepEvidence(validating, judged), keptExpectations: [...keptExpectations(judged.expectations)],
  };
  if (judged.verdict === 'pass') {
    return [event(DataValidatedSchema, { ...found, schemaInferred: judged.schema?.runId === validating.context.runId })];
  }
  return [...alertEvents(validating, judged), event(DataRejectedSchema, { ...found, rejectedBatches: [...judged.rejectedBatches] })];
}

/** The hash of the artifact; empty when nothing was measured. */
async function keepEvidence({ runtime: { artifacts } }: Validating, { drift, expectations }: Judged): Promise<string> {
  if (drift.length === 0 && expectations.length === 0) return '';
  return artifacts.putJson({
    drift: drift.map((measure) => toJson(DriftMeasureSchema, measure)),
    ...(expectations.length > 0 && { expectations: expectations.map((result) => toJson(ExpectationResultSchema, result)) }),
  });
}
