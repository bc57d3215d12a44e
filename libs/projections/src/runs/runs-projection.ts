import { toJsonString } from '@bufbuild/protobuf';
import { timestampMs } from '@bufbuild/protobuf/wkt';
import { ReasonSchema, RunOutcome, decodeEvent, streamSubject, type DomainEvent } from '@refit/contracts';
import type { RecordedEvent } from '@refit/event-store';
import { progressAssignments, progressColumns, progressValues, readPlan, readProgress, selectedProgress, writePlan } from '../progress-columns.js';
import type { Projection, ProjectionWriter } from '../projection.js';
import { dueNow, progressAfter, runEvents, type RunProgress } from '../run-progress.js';

/** Every run there was: what asked for it, how far it is, how it ended. */
export const runsProjection: Projection = {
  name: 'runs',
  version: 1,
  tables: [
    `CREATE TABLE runs (
      run_id TEXT PRIMARY KEY, pipeline TEXT NOT NULL, spec_version INTEGER NOT NULL, reason TEXT NOT NULL,
      requested_at INTEGER NOT NULL, ended_at INTEGER, outcome TEXT NOT NULL, summary TEXT NOT NULL, revision INTEGER NOT NULL,
      is_open INTEGER NOT NULL GENERATED ALWAYS AS (status IN ('due', 'working')) VIRTUAL, ${progressColumns}
    ) STRICT, WITHOUT ROWID`,
    'CREATE INDEX runs_by_time ON runs (requested_at, run_id)',
    'CREATE INDEX runs_by_pipeline ON runs (pipeline, requested_at, run_id)',
  ],
  filter: runEvents,
  apply(db, event) {
    if (event.revision === 0) begin(db, event);
    else advance(db, event);
  },
};

const outcomes: Record<RunOutcome, string> = {
  [RunOutcome.UNSPECIFIED]: '',
  [RunOutcome.REGISTERED]: 'registered',
  [RunOutcome.DATA_REJECTED]: 'data-rejected',
  [RunOutcome.MODEL_REJECTED]: 'model-rejected',
};

const insertRun = `
  INSERT INTO runs (run_id, pipeline, spec_version, reason, requested_at, outcome, summary, revision, plan, status, step, attempt, not_before, lease_id, instance_id)
  VALUES (?, ?, ?, ?, ?, '', '', ?, ?, ?, ?, ?, ?, ?, ?)`;
const selectRun = `SELECT ${selectedProgress} FROM runs WHERE run_id = ?`;
const updateRun = `UPDATE runs SET revision = ?, ${progressAssignments} WHERE run_id = ?`;
const updateEnding = 'UPDATE runs SET outcome = ?, summary = ?, ended_at = ? WHERE run_id = ?';

function begin(db: ProjectionWriter, recorded: RecordedEvent) {
  const request = decodeEvent(recorded);
  if (request?.$typeName !== 'refit.run.v1.RunRequested') return;
  const first = request.plan[0];
  if (first === undefined) return;
  db.run(
    insertRun,
    streamSubject(recorded.stream), request.pipeline, request.specVersion,
    request.reason ? toJsonString(ReasonSchema, request.reason) : '',
    request.requestedAt ? timestampMs(request.requestedAt) : recorded.recordedAt,
    recorded.revision, writePlan(request.plan), ...progressValues(dueNow(first)),
  );
}

function advance(db: ProjectionWriter, recorded: RecordedEvent) {
  const runId = streamSubject(recorded.stream);
  const row = db.get(selectRun, runId);
  if (row === undefined) return;
  const before = readProgress(row);
  const progress = progressAfter(before, readPlan(row), recorded);
  db.run(updateRun, recorded.revision, ...progressValues(progress), runId);
  if (progress.status === before.status) return;
  const { outcome, summary, endedAt } = ending(progress, recorded);
  db.run(updateEnding, outcome, summary, endedAt, runId);
}

interface Ending {
  readonly outcome: string;
  readonly summary: string;
  readonly endedAt: number | null;
}

/** How a run whose status has changed ended: not at all, when it goes on. */
function ending({ status }: RunProgress, recorded: RecordedEvent): Ending {
  if (status === 'due' || status === 'working') return { outcome: '', summary: '', endedAt: null };
  return { ...verdict(decodeEvent(recorded)), endedAt: recorded.recordedAt };
}

function verdict(event: DomainEvent | undefined): Pick<Ending, 'outcome' | 'summary'> {
  switch (event?.$typeName) {
    case 'refit.run.v1.RunCompleted':
      return { outcome: outcomes[event.outcome] ?? '', summary: event.summary };
    case 'refit.run.v1.RunFailed':
      return { outcome: '', summary: event.message };
    case 'refit.run.v1.RunCancelled':
      return { outcome: '', summary: event.reason };
    default:
      return { outcome: '', summary: '' };
  }
}
