import type { DataGateLimitsMapping } from './data-gate-limits.js';
import type { ExpectationMapping } from './expectation-mapping.js';
import type { PipelineFaultPath } from './fault.js';

/** A pipeline file as it is written, once it has passed pipeline.schema.json: most keys may be left out, many have a short form. */
export interface PipelineFile {
  readonly version: 'refit/v1';
  readonly name: string;
  readonly description?: string;
  readonly dataset?: string;
  readonly source?: string | readonly string[] | SourceMapping;
  readonly triggers?: TriggersMapping;
  readonly dataGate?: DataGateMapping;
  readonly label: string | LabelMapping;
  readonly features?: FeaturesMapping;
  readonly split?: SplitName | SplitMapping;
  readonly trainer: TrainerName | TrainerMapping;
  readonly evaluation?: EvaluationMapping;
  readonly modelGate?: readonly GateMapping[] | ModelGateMapping;
  readonly register?: { readonly model?: string; readonly promote?: boolean };
}

/** `10s`, `2h`, `28d`, `1w`; zero may be written 0. */
export type DurationText = string | number;
export type WindowText = string;
export type SplitName = 'time' | 'hash' | 'random';
export type TrainerName = 'linear' | 'gradient-boosting';

export interface SourceMapping {
  readonly path?: string;
  readonly paths?: readonly string[];
  readonly format?: 'csv' | 'tsv' | 'json-lines' | 'parquet';
  readonly timeColumn?: string;
  readonly window?: WindowText | { readonly last: WindowText };
}

export interface ScheduleMapping {
  readonly cron: string;
  readonly timeZone?: string;
  readonly catchUp?: 'none' | 'latest' | 'all';
}

export interface TriggersMapping {
  readonly schedule?: string | ScheduleMapping | readonly (string | ScheduleMapping)[];
  readonly onData?: boolean | { readonly minimumRows?: number; readonly debounce?: DurationText; readonly coalesce?: boolean };
  readonly onDecay?: boolean | { readonly minimumSeverity?: 'low' | 'medium' | 'high' };
  readonly coolDown?: DurationText;
  readonly concurrency?: 'queue' | 'skip' | 'replace';
}

export interface DataGateMapping extends DataGateLimitsMapping {
  readonly psi?: LimitsMapping;
  readonly wasserstein?: LimitsMapping;
  readonly drift?: DriftMapping;
  readonly maximumNullRateIncrease?: number;
  readonly maximumUnseenCategoryRate?: number;
  readonly rangeMargin?: number;
  readonly minimumRows?: number;
  readonly maximumMalformedRowRate?: number;
  readonly ignore?: readonly string[];
  readonly trainingOnly?: readonly string[];
  readonly newColumn?: 'info' | 'warning' | 'failure';
  readonly expectations?: readonly ExpectationMapping[];
}

export interface DriftMapping {
  readonly minimumRows?: number;
  readonly against?: readonly ('reference' | 'previous')[];
  readonly classifier?: ClassifierMapping | boolean;
  readonly columns?: Readonly<Record<string, DriftLimitsMapping>>;
}

export interface ClassifierMapping extends LimitsMapping {
  readonly rows?: number;
}

export interface LimitsMapping {
  readonly warning?: number;
  readonly failure?: number;
}

export interface DriftLimitsMapping extends Pick<DataGateLimitsMapping, 'lInfinity' | 'jensenShannon'> {
  readonly psi?: LimitsMapping;
  readonly wasserstein?: LimitsMapping;
}

export interface LabelMapping {
  readonly column: string;
  readonly above?: number;
  readonly positive?: string | number | boolean;
  readonly task?: 'binary' | 'multiclass' | 'regression';
}

export interface FeaturesMapping {
  readonly exclude?: readonly string[];
  readonly impute?: 'median' | 'mean';
  readonly standardize?: boolean;
  readonly maximumCategories?: number;
  readonly dateParts?: readonly ('hour' | 'dayOfWeek' | 'dayOfMonth' | 'month' | 'year')[];
}

export interface SplitMapping {
  readonly by?: SplitName;
  readonly column?: string;
  readonly test?: number;
  readonly validation?: number;
  readonly salt?: string | number;
}

export interface TrainerMapping {
  readonly kind: TrainerName;
  readonly seed?: number;
  readonly l2?: number;
  readonly iterations?: number;
  readonly trees?: number;
  readonly leaves?: number;
  readonly learningRate?: number;
  readonly bins?: number;
  readonly minimumRowsPerLeaf?: number;
  readonly earlyStoppingRounds?: number;
}

export interface EvaluationMapping {
  readonly slices?: readonly string[];
  readonly minimumSliceRows?: number;
  readonly threshold?: number;
}

export interface GateMapping {
  readonly metric: string;
  readonly name?: string;
  readonly slice?: string;
  readonly atLeast?: number;
  readonly atMost?: number;
  readonly notWorseThanChampionBy?: number;
}

export interface ModelGateMapping {
  readonly metrics?: readonly GateMapping[];
  readonly minimumComparisonRows?: number;
}

// The short forms, made long. ----------------------------------------------

/** Something written in the file, and where it was written. */
export interface Placed<T> {
  readonly value: T;
  readonly path: PipelineFaultPath;
}

export const sourceOf = (file: PipelineFile): SourceMapping =>
  typeof file.source === 'string' ? { paths: [file.source] }
  : Array.isArray(file.source) ? { paths: file.source as readonly string[] } // Array.isArray loses the element type of readonly arrays
  : { ...(file.source as SourceMapping | undefined) }; // the only shape left

export const labelOf = (file: PipelineFile): LabelMapping => (typeof file.label === 'string' ? { column: file.label } : file.label);

export const splitOf = (file: PipelineFile): SplitMapping => (typeof file.split === 'string' ? { by: file.split } : (file.split ?? {}));

export const trainerOf = (file: PipelineFile): TrainerMapping => (typeof file.trainer === 'string' ? { kind: file.trainer } : file.trainer);

export function schedulesOf(file: PipelineFile): readonly Placed<ScheduleMapping>[] {
  const written = file.triggers?.schedule;
  if (written === undefined) return [];
  const long = (s: string | ScheduleMapping): ScheduleMapping => (typeof s === 'string' ? { cron: s } : s);
  const path = ['triggers', 'schedule'];
  // Array.isArray does not narrow readonly arrays
  return Array.isArray(written) ? (written as readonly (string | ScheduleMapping)[]).map((s, i) => ({ value: long(s), path: [...path, i] })) : [{ value: long(written as string | ScheduleMapping), path }];
}

export function gatesOf(file: PipelineFile): readonly Placed<GateMapping>[] {
  const written = file.modelGate;
  if (written === undefined) return [];
  const inMapping = !Array.isArray(written);
  // Array.isArray does not narrow readonly arrays
  const gates = inMapping ? ((written as ModelGateMapping).metrics ?? []) : (written as readonly GateMapping[]);
  return gates.map((value, i) => ({ value, path: inMapping ? ['modelGate', 'metrics', i] : ['modelGate', i] }));
}
