import { fromJsonString } from '@bufbuild/protobuf';
import { ReasonJudgedSchema, SkipCause, type ReasonJudged, type ReasonKind, type Verdict } from '@refit/contracts';
import { readPage, type Page, type PageRequest } from '../paging.js';
import type { ProjectionReader, Row } from '../projection.js';
import { within, type TimeSpan } from '../time-span.js';
import { where } from '../where.js';

export interface ReasonRow {
  /** Counts the reasons from 1, in the order in which they were judged. */
  readonly number: number;
  readonly pipeline: string;
  readonly judged: ReasonJudged;
  /** The run that answered it or took its data; empty while there is none. */
  readonly runId: string;
}

/** What is empty, 0 or absent is not asked for. The time span is of the occurrences, as their senders say. */
export interface ReasonsRequest extends PageRequest, TimeSpan {
  readonly pipeline?: string;
  readonly verdict?: Verdict;
  readonly skipCause?: SkipCause;
  readonly kind?: ReasonKind;
}

/** Reasons that led to no run. */
export interface SkippedReasons {
  readonly reasons: number;
  /** The batches that the data arrivals among them announced, and their rows; of a batch that came again the last. */
  readonly batches: number;
  readonly rows: number;
}

export interface ReasonsQueries {
  /** Newest first. @throws RefitError REQUEST_INVALID for a wrong page token */
  list(request: ReasonsRequest): Page<ReasonRow>;
  /** Those that came while the pipeline was paused, from a time of the log on, and that no run has answered since. */
  skippedWhilePaused(pipeline: string, since: number): SkippedReasons;
}

/** Asks what `reasonsProjection` keeps. */
export const reasonsQueries = (db: ProjectionReader): ReasonsQueries => ({
  list: (request) => readPage(request, 1, (after, limit) => select(db, request, after, limit), ({ number }) => [number]),
  skippedWhilePaused: (pipeline, since) => {
    const skipped = `pipeline = ? AND run_id = '' AND skip_cause = ${SkipCause.PAUSED} AND recorded_at >= ?`;
    const reasons = db.get(`SELECT count(*) AS n FROM reasons WHERE ${skipped}`, pipeline, since);
    // With max(), SQLite takes the other columns from the row that has it.
    const batches = db.all(`SELECT batch_rows, max(number) FROM reasons WHERE ${skipped} AND batch <> '' GROUP BY batch`, pipeline, since);
    return { reasons: Number(reasons?.['n'] ?? 0), batches: batches.length, rows: batches.reduce((sum, row) => sum + Number(row['batch_rows']), 0) };
  },
});

function select(db: ProjectionReader, { pipeline, verdict, skipCause, kind, ...span }: ReasonsRequest, after: readonly (string | number)[] | undefined, limit: number): ReasonRow[] {
  const { sql, values } = where(
    !!pipeline && ['pipeline = ?', pipeline],
    !!verdict && ['verdict = ?', verdict],
    !!skipCause && ['skip_cause = ?', skipCause],
    !!kind && ['kind = ?', kind],
    ...within('occurred_at', span),
    !!after && ['number < ?', ...after],
  );
  return db.all(`SELECT * FROM reasons WHERE ${sql} ORDER BY number DESC LIMIT ?`, ...values, limit).map(toReasonRow);
}

const toReasonRow = (row: Row): ReasonRow => ({
  number: Number(row['number']),
  pipeline: String(row['pipeline']),
  judged: fromJsonString(ReasonJudgedSchema, String(row['judged']), { ignoreUnknownFields: true }),
  runId: String(row['run_id']),
});
