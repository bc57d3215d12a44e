import type { PipelineSpec } from '@refit/contracts';
import { resolveMetric, type GatedMetric } from '@refit/model-validation';
import type { EvaluationSettings } from './evaluation.js';
import type { TrainedRun } from './trained-run.js';

/** How to evaluate: as the pipeline says, and so that its gates find what they ask for. */
export function evaluationSettings({ evaluation, modelGate }: PipelineSpec, { window, task }: TrainedRun): EvaluationSettings {
  const ofSlices = modelGate?.metrics.filter((gate) => gate.slice !== '') ?? [];
  const asked = (gates: typeof ofSlices): GatedMetric[] => gates.map(({ metric, slice }) => ({ metric: resolveMetric(metric, task), slice }));
  return {
    threshold: evaluation?.threshold ?? 0.5,
    slices: evaluation?.slices ?? [],
    minimumSliceRows: evaluation?.minimumSliceRows ?? 0,
    gated: asked(ofSlices),
    compared: asked(ofSlices.filter((gate) => gate.condition.case === 'notWorseThanChampionBy')),
    booleans: new Set(window.columns.filter((column) => column.type === 'BOOLEAN').map((column) => column.name)),
  };
}
