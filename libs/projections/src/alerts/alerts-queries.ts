import { fromJsonString } from '@bufbuild/protobuf';
import { AlertRaisedSchema, type AlertRaised, type FindingSeverity } from '@refit/contracts';
import { readPage, type Page, type PageRequest } from '../paging.js';
import type { ProjectionReader, Row } from '../projection.js';
import { within, type TimeSpan } from '../time-span.js';
import { where } from '../where.js';

export interface AlertRow {
  /** Counts the alerts from 1, in the order in which they were raised. */
  readonly number: number;
  readonly runId: string;
  readonly pipeline: string;
  readonly alert: AlertRaised;
  /** Milliseconds since 1970. */
  readonly recordedAt: number;
}

/** What is empty, 0 or absent is not asked for. The time span is of the log. */
export interface AlertsRequest extends PageRequest, TimeSpan {
  readonly pipeline?: string;
  readonly kind?: string;
  readonly severity?: FindingSeverity;
}

export interface AlertsQueries {
  /** Newest first. @throws RefitError REQUEST_INVALID for a wrong page token */
  list(request: AlertsRequest): Page<AlertRow>;
}

/** Asks what `alertsProjection` keeps. */
export const alertsQueries = (db: ProjectionReader): AlertsQueries => ({
  list: (request) => readPage(request, 1, (after, limit) => select(db, request, after, limit), ({ number }) => [number]),
});

function select(db: ProjectionReader, { pipeline, kind, severity, ...span }: AlertsRequest, after: readonly (string | number)[] | undefined, limit: number): AlertRow[] {
  const { sql, values } = where(
    !!pipeline && ['pipeline = ?', pipeline],
    !!kind && ['kind = ?', kind],
    !!severity && ['severity = ?', severity],
    ...within('recorded_at', span),
    !!after && ['number < ?', ...after],
  );
  return db.all(`SELECT * FROM alerts WHERE ${sql} ORDER BY number DESC LIMIT ?`, ...values, limit).map(toAlertRow);
}

const toAlertRow = (row: Row): AlertRow => ({
  number: Number(row['number']),
  runId: String(row['run_id']),
  pipeline: String(row['pipeline']),
  alert: fromJsonString(AlertRaisedSchema, String(row['alert']), { ignoreUnknownFields: true }),
  recordedAt: Number(row['recorded_at']),
});
