import type { PipelineFault } from './fault.js';
import { gateName } from './model-gates.js';
import { gatesOf, labelOf, splitOf, trainerOf, type LimitsMapping, type PipelineFile, type TrainerMapping } from './pipeline-file.js';

const value = (path: PipelineFault['path'], message: string): PipelineFault => ({ path, at: 'value', message });

const driftMeasures = ['psi', 'wasserstein'] as const;

/** A warning comes before its failure, for all columns and for each that has limits of its own. */
export function checkDataGate({ dataGate: gate = {} }: PipelineFile): readonly PipelineFault[] {
  const defaults = { psi: { warning: 0.1, failure: 0.25, ...gate.psi }, wasserstein: { warning: 0.1, failure: 0.5, ...gate.wasserstein } };
  const ofAll = driftMeasures.flatMap((measure) => checkLimits(defaults[measure], ['dataGate', measure]));
  const ofColumns = Object.entries(gate.drift?.columns ?? {}).flatMap(([column, own]) =>
    driftMeasures.flatMap((measure) => (own[measure] ? checkLimits({ ...defaults[measure], ...own[measure] }, ['dataGate', 'drift', 'columns', column, measure]) : [])),
  );
  return [...ofAll, ...ofColumns];
}

const checkLimits = ({ warning, failure }: Required<LimitsMapping>, path: PipelineFault['path']): readonly PipelineFault[] =>
  warning <= failure ? [] : [{ path, at: 'key', message: `the warning must come before the failure; found warning ${warning} above failure ${failure}` }];

/** `above` and `positive` both make a label binary, each in its own way. */
export function checkLabel(file: PipelineFile): readonly PipelineFault[] {
  const { above, positive, task } = labelOf(file);
  if (above !== undefined && positive !== undefined) return [value(['label', 'positive'], 'expected either above (a number) or positive (a class); found both')];
  const maker = above !== undefined ? 'above' : positive !== undefined ? 'positive' : undefined;
  if (maker === undefined || task === undefined || task === 'binary') return [];
  return [value(['label', 'task'], `"label.${maker}" makes the label binary; expected "task: binary" or no task; found ${task}`)];
}

const onlyOf: Partial<Record<keyof TrainerMapping, TrainerMapping['kind']>> = {
  iterations: 'linear',
  trees: 'gradient-boosting',
  leaves: 'gradient-boosting',
  learningRate: 'gradient-boosting',
  bins: 'gradient-boosting',
  minimumRowsPerLeaf: 'gradient-boosting',
  earlyStoppingRounds: 'gradient-boosting',
};

/** Each kind of trainer has its own parameters; early stopping needs rows to validate on. */
export function checkTrainer(file: PipelineFile): readonly PipelineFault[] {
  const trainer = trainerOf(file);
  const foreign = Object.entries(onlyOf).filter(([key, kind]) => Object.hasOwn(trainer, key) && kind !== trainer.kind);
  const faults = foreign.map(([key, kind]): PipelineFault => ({ path: ['trainer', key], at: 'key', message: `is a parameter of ${kind}; the kind here is ${trainer.kind}` }));
  if (trainer.kind === 'gradient-boosting' && (trainer.earlyStoppingRounds ?? 0) > 0 && splitOf(file).validation === 0)
    faults.push(value(['trainer', 'earlyStoppingRounds'], 'early stopping needs rows to validate on; expected 0, or "split.validation" above 0'));
  return faults;
}

export function checkEvaluation(file: PipelineFile): readonly PipelineFault[] {
  const wrong = file.evaluation?.slices?.findIndex((column) => column.includes('=')) ?? -1;
  return wrong < 0 ? [] : [value(['evaluation', 'slices', wrong], 'expected the name of a column; its values become the slices')];
}

/** Gates are told apart by name, and judge only slices that are evaluated. */
export function checkModelGate(file: PipelineFile): readonly PipelineFault[] {
  const slices = new Set(file.evaluation?.slices);
  const seen = new Set<string>();
  return gatesOf(file).flatMap(({ value: gate, path }) => {
    const faults: PipelineFault[] = [];
    const name = gateName(gate);
    if (seen.has(name)) faults.push({ path: gate.name === undefined ? path : [...path, 'name'], at: 'value', message: `two gates are named ${JSON.stringify(name)}; give each its own name` });
    seen.add(name);
    const column = gate.slice?.split('=', 1)[0];
    if (column !== undefined && !slices.has(column))
      faults.push(value([...path, 'slice'], `"${column}" is not among "evaluation.slices", so this slice would never be evaluated; add it there`));
    return faults;
  });
}
