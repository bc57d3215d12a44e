import { RefitError } from '@refit/contracts';
import type { RegisterVersion } from '@refit/model-registry';
import type { WorkingRun } from '@refit/run';

/** All that is needed to make the model again, and what spoke for it: from the findings of the run that made it. */
export function versionCandidate({ request, findings }: WorkingRun, runId: string): RegisterVersion['candidate'] {
  const { ingested, validated, transformed, trained, evaluated, accepted } = findings;
  if (!ingested?.window || !validated || !transformed || !trained || !evaluated || !accepted) {
    throw new RefitError('INTERNAL', `run ${runId} lacks the outcome of a step before registration`);
  }
  return {
    runId,
    pipeline: request.pipeline,
    specVersion: request.specVersion,
    specHash: request.specHash,
    snapshot: ingested.window,
    datasetVersion: ingested.datasetVersion,
    schemaVersion: validated.schemaVersion,
    transformsHash: transformed.transformsHash,
    ...(transformed.split && { split: transformed.split }),
    task: transformed.task,
    classes: transformed.classes,
    trainer: trained.trainer,
    parameters: trained.parameters,
    seed: trained.seed,
    artifactHash: trained.artifactHash,
    artifactBytes: trained.artifactBytes,
    metrics: evaluated.metrics.filter((metric) => metric.slice === ''), // those of slices stay with the run
    gates: accepted.gates,
  };
}
