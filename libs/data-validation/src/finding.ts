import { AlertKind, AnomalySchema, event, FindingSeverity, type Anomaly, type DataGate, type DataSchema, type DriftMeasure } from '@refit/contracts';
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
}

export const anomaly = ({ batch }: Subject, { column = '', ...finding }: Finding): Anomaly => event(AnomalySchema, { ...finding, column, batch });

export const onlyAnomalies = (anomalies: readonly Anomaly[]): Findings => ({ anomalies, drift: [] });
