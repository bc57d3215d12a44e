import type { Step } from '@refit/contracts';
import { readProgress } from '../progress-columns.js';
import type { ProjectionReader, Row } from '../projection.js';

export interface OpenRun {
  readonly runId: string;
  readonly pipeline: string;
  readonly status: 'due' | 'working';
  readonly step: Step;
  readonly attempt: number;
  /** When the step is due, in milliseconds since 1970; 0: at once. */
  readonly notBefore: number;
  /** Of the claim; empty while the step is due. */
  readonly leaseId: string;
  readonly instanceId: string;
  /** Milliseconds since 1970. */
  readonly requestedAt: number;
  /** Of the last event that was seen of the run. */
  readonly revision: number;
}

export interface OpenRunsQueries {
  /** Runs with one of these steps due by `now` (milliseconds since 1970), oldest first. */
  due(steps: readonly Step[], now: number): readonly OpenRun[];
  /** Runs with one of these steps at work, oldest first. */
  working(steps: readonly Step[]): readonly OpenRun[];
  /** Every open run, oldest first. */
  all(): readonly OpenRun[];
  find(runId: string): OpenRun | undefined;
}

/** Asks what `openRunsProjection` keeps. Perhaps a moment old: what is done about it is checked against the stream. */
export function openRunsQueries(db: ProjectionReader): OpenRunsQueries {
  const select = (where: string) => `SELECT * FROM open_runs WHERE ${where} ORDER BY requested_at, run_id`;
  const ofSteps = 'step IN (SELECT value FROM json_each(?))';
  const due = select(`status = 'due' AND ${ofSteps} AND not_before <= ?`);
  const working = select(`status = 'working' AND ${ofSteps}`);
  const open = `status IN ('due', 'working')`;
  return {
    due: (steps, now) => db.all(due, JSON.stringify(steps), now).map(toOpenRun),
    working: (steps) => db.all(working, JSON.stringify(steps)).map(toOpenRun),
    all: () => db.all(select(open)).map(toOpenRun),
    find: (runId) => db.all(select(`run_id = ? AND ${open}`), runId).map(toOpenRun)[0],
  };
}

function toOpenRun(row: Row): OpenRun {
  const { status, ...progress } = readProgress(row);
  return {
    runId: String(row['run_id']),
    pipeline: String(row['pipeline']),
    ...progress,
    status: status === 'working' ? 'working' : 'due',
    requestedAt: Number(row['requested_at']),
    revision: Number(row['revision']),
  };
}
