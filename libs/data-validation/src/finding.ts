import { AlertKind, AnomalySchema, event, FindingSeverity, SchemaChangeSchema, type Anomaly, type DataGate, type DataSchema, type DriftMeasure, type SchemaChange } from '@refit/contracts';
import type { MessageInitShape } from '@bufbuild/protobuf';
import type { Compared } from './drift/compared.js';
import type { ColumnRelations } from './relations/column-relations.js';
import type { Environment } from './schema/environments.js';
import type { DatasetStatistics } from './statistics.js';

/** What is judged: one batch, or the window. */
export interface Subject {
  /** Empty: the window. */
  readonly batch: string;
  /** Computed against the reference and the ranges of `allowedRanges`, where there is a schema. */
  readonly statistics: DatasetStatistics;
  readonly malformedRows: number;
  /** Where the first of them stand in the file as delivered, counted from 1. */
  readonly malformedLines?: readonly number[];
  readonly gate: DataGate;
  /** Absent while no data was accepted yet. */
  readonly expected?: { readonly schema: DataSchema; readonly reference: DatasetStatistics };
  /** It is what the reference was made of: that the reference has it as well excuses nothing. */
  readonly isReference?: boolean;
  /** What the rows themselves tell of drift; absent: only statistics are compared. */
  readonly compared?: Compared;
  /** What the data is for; absent: training. */
  readonly environment?: Environment;
  /** What columns have to do with each other, and with the label; absent: nobody asked. */
  readonly relations?: ColumnRelations;
  /** What a model is to learn; absent: not known. */
  readonly learning?: Learning;
}

export interface Learning {
  readonly label: string;
  /** Columns that no feature is made of. */
  readonly excluded: readonly string[];
}

export interface Findings {
  readonly anomalies: readonly Anomaly[];
  /** Every measurement, passing or not. */
  readonly drift: readonly DriftMeasure[];
}

/** One kind of check. */
export type Check = (subject: Subject) => Findings;

interface Finding {
  /** TFDV's name for it, where it has one. */
  readonly kind: string;
  readonly severity: FindingSeverity;
  readonly alertKind: AlertKind;
  /** Absent: the data as a whole. */
  readonly column?: string;
  readonly message: string;
  readonly observed: string;
  readonly expected: string;
  /** The smallest change of the schema that accepts it. Absent: nothing of the schema says anything of it, and the kind is let pass. */
  readonly change?: Change;
}

/** One property of a column's rule, as a patch; or how far a kind is let pass: `{ case: 'tolerate', value: { kind, upTo } }`. */
export type Change = NonNullable<MessageInitShape<typeof SchemaChangeSchema>['change']>;

/** Without a schema there is none to change. */
export const anomaly = ({ batch, expected }: Subject, { column = '', change, ...finding }: Finding): Anomaly =>
  event(AnomalySchema, { ...finding, column, batch, ...(expected && { change: schemaChange(column, change ?? tolerate(finding.kind)) }) });

/** The anomaly is let pass, as bad as that: larger is worse for `upTo`, smaller for `downTo`. */
export const tolerate = (kind: string, bound: { readonly upTo?: number; readonly downTo?: number } = {}): Change => ({ case: 'tolerate', value: { kind, ...bound } });

const schemaChange = (column: string, change: Change): SchemaChange => event(SchemaChangeSchema, { column, change });

export const onlyAnomalies = (anomalies: readonly Anomaly[]): Findings => ({ anomalies, drift: [] });
