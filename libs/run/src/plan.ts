import { Step, type RunEvent } from '@refit/contracts';

/** The steps of a run in their order; a pipeline's plan is a part of it. */
export const allSteps: readonly Step[] = [
  Step.INGEST, Step.VALIDATE, Step.TRANSFORM, Step.TRAIN, Step.EVALUATE, Step.JUDGE, Step.REGISTER, Step.DEPLOY,
];

const outcomes: Partial<Record<RunEvent['$typeName'], Step>> = {
  'refit.run.v1.DataIngested': Step.INGEST,
  'refit.run.v1.DataValidated': Step.VALIDATE,
  'refit.run.v1.DataRejected': Step.VALIDATE,
  'refit.run.v1.DataTransformed': Step.TRANSFORM,
  'refit.run.v1.ModelTrained': Step.TRAIN,
  'refit.run.v1.ModelEvaluated': Step.EVALUATE,
  'refit.run.v1.ModelAccepted': Step.JUDGE,
  'refit.run.v1.ModelRejected': Step.JUDGE,
  'refit.run.v1.ModelRegistered': Step.REGISTER,
  'refit.run.v1.ComparisonOutdated': Step.REGISTER,
  'refit.run.v1.ModelDeployed': Step.DEPLOY,
};

/** Event types after which a step may be due: what a service listens to on the bus. */
export const dueMakingTypes: readonly string[] = ['refit.run.v1.RunRequested', 'refit.run.v1.StepRetried', ...Object.keys(outcomes)];

/** The step whose outcome an event is; undefined for events that are none. */
export const stepOfOutcome = (type: string): Step | undefined => outcomes[type as RunEvent['$typeName']]; // a lookup, of any string

/** The step after this one in the plan; undefined after the last. */
export function nextStep(plan: readonly Step[], step: Step): Step | undefined {
  const at = plan.indexOf(step);
  return at < 0 ? undefined : plan[at + 1];
}

/**
 * The steps that an event is likely to have made due: a hint, taken without the fold. A plan that leaves out steps is
 * found by the scan instead.
 */
export function stepsHintedBy(type: string): readonly Step[] {
  if (type === 'refit.run.v1.RunRequested') return [Step.INGEST];
  if (type === 'refit.run.v1.StepRetried') return allSteps;
  if (type === 'refit.run.v1.ComparisonOutdated') return [Step.EVALUATE];
  const step = stepOfOutcome(type);
  const next = step === undefined ? undefined : nextStep(allSteps, step);
  return next === undefined ? [] : [next];
}

const names: Record<Step, string> = {
  [Step.UNSPECIFIED]: 'unknown',
  [Step.INGEST]: 'ingest',
  [Step.VALIDATE]: 'validate',
  [Step.TRANSFORM]: 'transform',
  [Step.TRAIN]: 'train',
  [Step.EVALUATE]: 'evaluate',
  [Step.JUDGE]: 'judge',
  [Step.REGISTER]: 'register',
  [Step.DEPLOY]: 'deploy',
};

/** `Step.TRAIN` → `train`. */
export const stepName = (step: Step): string => names[step] ?? 'unknown';
