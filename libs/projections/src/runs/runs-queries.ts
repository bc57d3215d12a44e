import { fromJsonString } from '@bufbuild/protobuf';
import { ReasonSchema, type Reason, type Step } from '@refit/contracts';
import { readPage, type Page, type PageRequest } from '../paging.js';
import { readProgress } from '../progress-columns.js';
import type { ProjectionReader, Row } from '../projection.js';
import { within, type TimeSpan } from '../time-span.js';
import { where } from '../where.js';

export type RunStatus = 'open' | 'completed' | 'failed' | 'cancelled';

export interface RunRow {
  readonly runId: string;
  readonly pipeline: string;
  readonly specVersion: number;
  readonly status: RunStatus;
  /** registered, data-rejected, model-rejected; empty unless completed. */
  readonly outcome: string;
  /** Of the outcome, the failure or the cancellation, for people. */
  readonly summary: string;
  readonly reason: Reason | undefined;
  /** Milliseconds since 1970. */
  readonly requestedAt: number;
  readonly endedAt: number | undefined;
  /** Due, at work, or where the run ended. */
  readonly step: Step;
  readonly attempt: number;
  /** Who is at work; empty when nobody is. */
  readonly instanceId: string;
  /** Of the last event that was seen of the run. */
  readonly revision: number;
}

/** What is empty or absent is not asked for. The time span is of the requests. */
export interface RunsRequest extends PageRequest, TimeSpan {
  readonly pipeline?: string;
  readonly status?: string;
  readonly outcome?: string;
}

export interface RunsQueries {
  /** Newest first. @throws RefitError REQUEST_INVALID for a wrong page token */
  list(request: RunsRequest): Page<RunRow>;
  find(runId: string): RunRow | undefined;
}

/** Asks what `runsProjection` keeps. */
export function runsQueries(db: ProjectionReader): RunsQueries {
  return {
    list: (request) =>
      readPage(request, 2, (after, limit) => select(db, request, after, limit), ({ requestedAt, runId }) => [requestedAt, runId]),
    find: (runId) => db.all('SELECT * FROM runs WHERE run_id = ?', runId).map(toRunRow)[0],
  };
}

function select(db: ProjectionReader, { pipeline, status, outcome, ...span }: RunsRequest, after: readonly (string | number)[] | undefined, limit: number): RunRow[] {
  const { sql, values } = where(
    !!pipeline && ['pipeline = ?', pipeline],
    !!status && (status === 'open' ? ['is_open'] : ['status = ?', status]),
    !!outcome && ['outcome = ?', outcome],
    ...within('requested_at', span),
    !!after && ['(requested_at, run_id) < (?, ?)', ...after],
  );
  return db.all(`SELECT * FROM runs WHERE ${sql} ORDER BY requested_at DESC, run_id DESC LIMIT ?`, ...values, limit).map(toRunRow);
}

function toRunRow(row: Row): RunRow {
  const { status, step, attempt, instanceId } = readProgress(row);
  const reason = String(row['reason']);
  return {
    runId: String(row['run_id']),
    pipeline: String(row['pipeline']),
    specVersion: Number(row['spec_version']),
    status: status === 'due' || status === 'working' ? 'open' : status,
    outcome: String(row['outcome']),
    summary: String(row['summary']),
    reason: reason === '' ? undefined : fromJsonString(ReasonSchema, reason, { ignoreUnknownFields: true }),
    requestedAt: Number(row['requested_at']),
    endedAt: row['ended_at'] === null ? undefined : Number(row['ended_at']),
    step, attempt, instanceId,
    revision: Number(row['revision']),
  };
}
