import { create } from '@bufbuild/protobuf';
import { anomalyKinds, expectationAnomalyKinds } from '../anomaly-kinds.js';
import { ColumnLimitsSchema, FindingSeverity, KindSeveritySchema } from '../gen/refit/pipeline/v1/spec_pb.js';
import { didYouMean } from '../yaml-file/nearest.js';
import type { PipelineFault } from './fault.js';
import type { ClassifierMapping, LimitsMapping, PipelineFile } from './pipeline-file.js';

/** Keys of a data gate that bound rows, values and what columns tell; what is left out is not asked, or has a usual bound. */
export interface DataGateLimitsMapping {
  readonly maximumRows?: number;
  readonly rowsOfReference?: RangeMapping;
  readonly leakage?: { readonly auc?: number; readonly r2?: number };
  readonly maximumDuplicateRate?: number;
  readonly maximumConflictRate?: number;
  readonly lInfinity?: LimitsMapping;
  readonly jensenShannon?: DivergenceMapping;
  readonly columns?: Readonly<Record<string, ColumnLimitsMapping>>;
  /** By kind of anomaly. */
  readonly severity?: Readonly<Record<string, 'off' | 'info' | 'warning' | 'failure'>>;
}

/** `of` says which distributions it is of. */
interface DivergenceMapping extends LimitsMapping {
  readonly of?: 'bins' | 'histograms';
}

interface RangeMapping {
  readonly minimum?: number;
  readonly maximum?: number;
}

export interface ColumnLimitsMapping {
  readonly minimumDomainMass?: number;
  readonly minimumUnique?: number;
  readonly maximumUnique?: number;
  readonly minimumPresent?: number;
}

const severities = { off: FindingSeverity.UNSPECIFIED, info: FindingSeverity.INFO, warning: FindingSeverity.WARNING, failure: FindingSeverity.FAILURE };

/** As fields of the spec's DataGate. */
export const dataGateLimits = (gate: DataGateLimitsMapping) => given({
  maximumRows: gate.maximumRows,
  minimumRowsOfReference: gate.rowsOfReference?.minimum,
  maximumRowsOfReference: gate.rowsOfReference?.maximum,
  leakageAuc: gate.leakage?.auc,
  leakageR2: gate.leakage?.r2,
  maximumDuplicateRate: gate.maximumDuplicateRate,
  maximumConflictRate: gate.maximumConflictRate,
  ...distanceLimits(gate),
  columnLimits: Object.entries(gate.columns ?? {}).map(([column, limits]) => create(ColumnLimitsSchema, { column, ...limits })),
  severities: Object.entries(gate.severity ?? {}).map(([kind, severity]) => create(KindSeveritySchema, { kind, severity: severities[severity] })),
});

type Distances = Pick<DataGateLimitsMapping, 'lInfinity' | 'jensenShannon'>;

/** TFDV's distances, of all columns or of one. */
export const distanceLimits = ({ lInfinity, jensenShannon }: Distances) => given({
  lInfinityWarning: lInfinity?.warning, lInfinityFailure: lInfinity?.failure,
  jensenShannonWarning: jensenShannon?.warning, jensenShannonFailure: jensenShannon?.failure,
  jensenShannonOfHistograms: jensenShannon?.of === undefined ? undefined : jensenShannon.of === 'histograms',
});

/** Without what is left out. */
const given = <T extends object>(message: T): { [K in keyof T]?: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(message).filter(([, value]) => value !== undefined)) as { [K in keyof T]?: Exclude<T[K], undefined> }; // only what is undefined is gone

/** Bounds in their order, kinds that there are. */
export function checkDataGateLimits({ dataGate: gate = {} }: PipelineFile): readonly PipelineFault[] {
  const path = (...keys: readonly string[]) => ['dataGate', ...keys];
  return [
    ...inOrder(gate.rowsOfReference, path('rowsOfReference'), ['minimum', 'maximum']),
    ...inOrder(gate.lInfinity, path('lInfinity'), ['warning', 'failure']),
    ...inOrder(gate.jensenShannon, path('jensenShannon'), ['warning', 'failure']),
    ...checkClassifier(gate.drift?.classifier, path('drift', 'classifier')),
    ...Object.entries(gate.drift?.columns ?? {}).flatMap(([column, { lInfinity, jensenShannon }]) => [
      ...inOrder(lInfinity, path('drift', 'columns', column, 'lInfinity'), ['warning', 'failure']),
      ...inOrder(jensenShannon, path('drift', 'columns', column, 'jensenShannon'), ['warning', 'failure']),
    ]),
    ...Object.entries(gate.columns ?? {}).flatMap(([column, limits]) => inOrder(limits, path('columns', column), ['minimumUnique', 'maximumUnique'])),
    ...Object.keys(gate.severity ?? {}).filter((kind) => !isKind(kind)).map((kind): PipelineFault => ({
      path: path('severity', kind), at: 'key', message: expectationAnomalyKinds.some((own) => own === kind)
        ? 'expectations have no severity by kind; write "severity" beside each under "expectations"'
        : `is no kind of anomaly.${didYouMean(kind, anomalyKinds) || ' docs/data-gate/anomalies.md lists them'}`,
    })),
  ];
}

const checkClassifier = (classifier: ClassifierMapping | boolean | undefined, path: PipelineFault['path']) =>
  inOrder(typeof classifier === 'object' ? classifier : undefined, path, ['warning', 'failure']);

const isKind = (kind: string) => anomalyKinds.some((known) => known === kind);

function inOrder<K extends string>(bounds: { readonly [key in K]?: number } | undefined, path: PipelineFault['path'], [low, high]: readonly [K, K]): readonly PipelineFault[] {
  const [from, to] = [bounds?.[low], bounds?.[high]];
  if (from === undefined || to === undefined || from <= to) return [];
  return [{ path, at: 'key', message: `the ${low} must not be above the ${high}; found ${low} ${from} above ${high} ${to}` }];
}
