import { DataRejectedSchema, DataValidatedSchema, event, type RunEvent } from '@refit/contracts';
import { boundFindings } from '@refit/data-validation';
import { alertEvents } from './alert-events.js';
import type { Judged, Validating } from './validating.js';

/** DataValidated; or the alerts and DataRejected. */
export function outcomeEvents(validating: Validating, judged: Judged): readonly RunEvent[] {
  const { anomalies, drift } = boundFindings(judged);
  const found = { schemaVersion: judged.schema?.version ?? 0, anomalies: [...anomalies], drift: [...drift], acceptedBatches: [...judged.acceptedBatches] };
  if (judged.verdict === 'pass') {
    return [event(DataValidatedSchema, { ...found, schemaInferred: judged.schema?.runId === validating.context.runId })];
  }
  return [...alertEvents(validating, judged), event(DataRejectedSchema, { ...found, rejectedBatches: [...judged.rejectedBatches] })];
}
