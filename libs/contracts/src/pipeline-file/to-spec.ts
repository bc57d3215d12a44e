import { resolve } from 'node:path';
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import {
  CatchUpPolicy, ConcurrencyPolicy, DataFormat, DataGateSchema, DatePart, DecaySeverity, DriftBaseline, FindingSeverity, NumericImputation, PipelineSpecSchema, SplitKind, Task, TrainerKind,
  type DataGate, type DomainClassifierSchema, type DriftLimitsSchema, type EvaluationSchema, type FeaturesSchema, type LabelSchema, type ModelGateSchema, type PipelineSpec, type SourceSchema,
  type SplitSchema, type TrainerSchema, type TriggersSchema,
} from '../gen/refit/pipeline/v1/spec_pb.js';
import { dataGateLimits, distanceLimits } from './data-gate-limits.js';
import { durationMs, windowLength } from './durations.js';
import { expectation } from './expectations.js';
import { defaultGates, metricGate } from './model-gates.js';
import { gatesOf, labelOf, schedulesOf, sourceOf, splitOf, trainerOf, type ClassifierMapping, type DataGateMapping, type DriftLimitsMapping, type PipelineFile } from './pipeline-file.js';

/** A valid pipeline file as the spec that runs, with every default written out. */
export const toSpec = (file: PipelineFile, baseDirectory: string): PipelineSpec =>
  create(PipelineSpecSchema, {
    name: file.name,
    description: file.description ?? '',
    dataset: file.dataset ?? file.name,
    source: source(file, baseDirectory),
    triggers: triggers(file),
    dataGate: dataGate(file),
    label: label(file),
    features: features(file),
    split: split(file),
    trainer: trainer(file),
    evaluation: evaluation(file),
    modelGate: modelGate(file),
    registration: { model: file.register?.model ?? file.name, promote: file.register?.promote ?? true },
  });

const formats = { csv: DataFormat.CSV, tsv: DataFormat.TSV, 'json-lines': DataFormat.JSON_LINES, parquet: DataFormat.PARQUET };

function source(file: PipelineFile, baseDirectory: string): MessageInitShape<typeof SourceSchema> {
  const { path, paths = [], format, timeColumn = '', window } = sourceOf(file);
  const written = path === undefined ? paths : [path];
  return {
    paths: written.map((p) => resolve(baseDirectory, p)),
    format: format === undefined ? DataFormat.UNSPECIFIED : formats[format],
    timeColumn,
    window: window === undefined ? {} : { last: windowLength(typeof window === 'string' ? window : window.last) },
  };
}

const severities = { low: DecaySeverity.LOW, medium: DecaySeverity.MEDIUM, high: DecaySeverity.HIGH };
const policies = { queue: ConcurrencyPolicy.QUEUE, skip: ConcurrencyPolicy.SKIP, replace: ConcurrencyPolicy.REPLACE };
const catchUps = { none: CatchUpPolicy.NONE, latest: CatchUpPolicy.LATEST, all: CatchUpPolicy.ALL };

function triggers(file: PipelineFile): MessageInitShape<typeof TriggersSchema> {
  const { onData = true, onDecay = true, coolDown = 0, concurrency = 'queue' } = file.triggers ?? {};
  const { minimumRows = 1, debounce = 0, coalesce = true } = typeof onData === 'object' ? onData : {};
  const { minimumSeverity = 'low' } = typeof onDecay === 'object' ? onDecay : {};
  return {
    schedules: schedulesOf(file).map(({ value: { cron, timeZone = 'UTC', catchUp = 'latest' } }) => ({ cron, timeZone, catchUp: catchUps[catchUp] })),
    onData: { enabled: onData !== false, minimumRows, debounceMs: durationMs(debounce), coalesce },
    onDecay: { enabled: onDecay !== false, minimumSeverity: severities[minimumSeverity] },
    coolDownMs: durationMs(coolDown),
    concurrency: policies[concurrency],
  };
}

const findings = { info: FindingSeverity.INFO, warning: FindingSeverity.WARNING, failure: FindingSeverity.FAILURE };

/** The data gate of a pipeline file that says nothing about it. */
export const defaultDataGate = (): DataGate => create(DataGateSchema, dataGate({}));

function dataGate({ dataGate: gate = {} }: Pick<PipelineFile, 'dataGate'>): MessageInitShape<typeof DataGateSchema> {
  return {
    psiWarning: gate.psi?.warning ?? 0.1,
    psiFailure: gate.psi?.failure ?? 0.25,
    maximumNullRateIncrease: gate.maximumNullRateIncrease ?? 0.05,
    maximumUnseenCategoryRate: gate.maximumUnseenCategoryRate ?? 0.05,
    rangeMargin: gate.rangeMargin ?? 0.5,
    minimumRows: gate.minimumRows ?? 1,
    maximumMalformedRowRate: gate.maximumMalformedRowRate ?? 0.01,
    ignoredColumns: [...(gate.ignore ?? [])],
    trainingOnlyColumns: [...(gate.trainingOnly ?? [])],
    newColumn: findings[gate.newColumn ?? 'warning'],
    expectations: (gate.expectations ?? []).map(expectation),
    ...driftSettings(gate),
    ...dataGateLimits(gate),
  };
}

const driftSettings = ({ wasserstein, drift }: DataGateMapping): MessageInitShape<typeof DataGateSchema> => ({
  wassersteinWarning: wasserstein?.warning ?? 0.1,
  wassersteinFailure: wasserstein?.failure ?? 0.5,
  driftMinimumRows: drift?.minimumRows ?? 300,
  driftLimits: driftLimits(drift?.columns ?? {}),
  ...(drift?.against && { driftAgainst: drift.against.map((baseline) => baselines[baseline]) }),
  ...(drift?.classifier !== undefined && { domainClassifier: domainClassifier(drift.classifier) }),
});

const baselines = { reference: DriftBaseline.REFERENCE, previous: DriftBaseline.PREVIOUS };

const domainClassifier = (classifier: ClassifierMapping | boolean): MessageInitShape<typeof DomainClassifierSchema> =>
  typeof classifier === 'boolean' ? { disabled: !classifier } : { ...classifier };

const driftLimits = (columns: Readonly<Record<string, DriftLimitsMapping>>): MessageInitShape<typeof DriftLimitsSchema>[] =>
  Object.entries(columns).map(([column, { psi, wasserstein, ...distances }]) => ({
    column,
    ...(psi?.warning !== undefined && { psiWarning: psi.warning }),
    ...(psi?.failure !== undefined && { psiFailure: psi.failure }),
    ...(wasserstein?.warning !== undefined && { wassersteinWarning: wasserstein.warning }),
    ...(wasserstein?.failure !== undefined && { wassersteinFailure: wasserstein.failure }),
    ...distanceLimits(distances),
  }));

const tasks = { binary: Task.BINARY, multiclass: Task.MULTICLASS, regression: Task.REGRESSION };

function taskOf(file: PipelineFile): Task {
  const { above, positive, task } = labelOf(file);
  if (task !== undefined) return tasks[task];
  return above === undefined && positive === undefined ? Task.UNSPECIFIED : Task.BINARY;
}

function label(file: PipelineFile): MessageInitShape<typeof LabelSchema> {
  const { column, above, positive } = labelOf(file);
  return { column, ...(above !== undefined && { above }), positiveClass: positive === undefined ? '' : String(positive), task: taskOf(file) };
}

const imputations = { median: NumericImputation.MEDIAN, mean: NumericImputation.MEAN };
const dateParts = { hour: DatePart.HOUR, dayOfWeek: DatePart.DAY_OF_WEEK, dayOfMonth: DatePart.DAY_OF_MONTH, month: DatePart.MONTH, year: DatePart.YEAR };

function features({ features: f = {} }: PipelineFile): MessageInitShape<typeof FeaturesSchema> {
  return {
    excluded: [...(f.exclude ?? [])],
    numericImputation: imputations[f.impute ?? 'median'],
    standardize: f.standardize ?? true,
    maximumCategories: f.maximumCategories ?? 50,
    dateParts: (f.dateParts ?? ['hour', 'dayOfWeek', 'month']).map((part) => dateParts[part]),
  };
}

const splits = { time: SplitKind.TIME, hash: SplitKind.HASH, random: SplitKind.RANDOM };

function split(file: PipelineFile): MessageInitShape<typeof SplitSchema> {
  const { timeColumn } = sourceOf(file);
  const { by = timeColumn === undefined ? 'random' : 'time', column, test = 0.2, validation = 0.1, salt = file.name } = splitOf(file);
  const read = column ?? (by === 'time' ? timeColumn : undefined) ?? '';
  return { kind: splits[by], column: read, testFraction: test, validationFraction: validation, salt: String(salt) };
}

function trainer(file: PipelineFile): MessageInitShape<typeof TrainerSchema> {
  const t = trainerOf(file);
  const seed = t.seed ?? 1;
  if (t.kind === 'linear') return { kind: TrainerKind.LINEAR, seed, linear: { l2: t.l2 ?? 1, maximumIterations: t.iterations ?? 200 } };
  const { trees = 100, leaves = 31, learningRate = 0.1, bins = 64, minimumRowsPerLeaf = 20, l2 = 0 } = t;
  // Without validation rows there is nothing that could tell when to stop.
  const earlyStoppingRounds = t.earlyStoppingRounds ?? (splitOf(file).validation === 0 ? 0 : 10);
  return { kind: TrainerKind.GRADIENT_BOOSTING, seed, gradientBoosting: { trees, leaves, learningRate, bins, minimumRowsPerLeaf, l2, earlyStoppingRounds } };
}

function evaluation({ evaluation: e = {} }: PipelineFile): MessageInitShape<typeof EvaluationSchema> {
  return { slices: [...(e.slices ?? [])], minimumSliceRows: e.minimumSliceRows ?? 100, threshold: e.threshold ?? 0.5 };
}

function modelGate(file: PipelineFile): MessageInitShape<typeof ModelGateSchema> {
  const written = gatesOf(file).map(({ value }) => metricGate(value));
  const metrics = written.length > 0 ? written : [...defaultGates(taskOf(file))];
  const settings = Array.isArray(file.modelGate) ? {} : (file.modelGate as { minimumComparisonRows?: number } | undefined); // a list or a mapping
  return { metrics, minimumComparisonRows: settings?.minimumComparisonRows ?? 100 };
}
