import { timestampMs } from '@bufbuild/protobuf/wkt';
import { decodeEvent, streamSubject } from '@refit/contracts';
import type { RecordedEvent } from '@refit/event-store';
import { progressAssignments, progressColumns, progressValues, readPlan, readProgress, selectedProgress, writePlan } from '../progress-columns.js';
import type { Projection, ProjectionWriter } from '../projection.js';
import { dueNow, progressAfter, runEvents } from '../run-progress.js';

/**
 * The runs that are not over, so that a due step is found even when no message told of it. Failed runs stay out of
 * sight, since a person may revive them.
 */
export const openRunsProjection: Projection = {
  name: 'open-runs',
  version: 1,
  tables: [
    `CREATE TABLE open_runs (
      run_id TEXT PRIMARY KEY, pipeline TEXT NOT NULL, requested_at INTEGER NOT NULL, revision INTEGER NOT NULL, ${progressColumns}
    ) STRICT, WITHOUT ROWID`,
  ],
  filter: runEvents,
  apply(db, event) {
    if (event.revision === 0) begin(db, event);
    else advance(db, event);
  },
};

const insertRun = `
  INSERT INTO open_runs (run_id, pipeline, requested_at, revision, plan, status, step, attempt, not_before, lease_id, instance_id)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;
const selectRun = `SELECT ${selectedProgress} FROM open_runs WHERE run_id = ?`;
const updateRun = `UPDATE open_runs SET revision = ?, ${progressAssignments} WHERE run_id = ?`;
const deleteRun = 'DELETE FROM open_runs WHERE run_id = ?';

function begin(db: ProjectionWriter, recorded: RecordedEvent) {
  const request = decodeEvent(recorded);
  if (request?.$typeName !== 'refit.run.v1.RunRequested') return;
  const first = request.plan[0];
  if (first === undefined) return;
  const requestedAt = request.requestedAt ? timestampMs(request.requestedAt) : recorded.recordedAt;
  db.run(
    insertRun,
    streamSubject(recorded.stream), request.pipeline, requestedAt, recorded.revision, writePlan(request.plan), ...progressValues(dueNow(first)),
  );
}

function advance(db: ProjectionWriter, recorded: RecordedEvent) {
  const runId = streamSubject(recorded.stream);
  const row = db.get(selectRun, runId);
  if (row === undefined) return;
  const progress = progressAfter(readProgress(row), readPlan(row), recorded);
  if (progress.status === 'completed' || progress.status === 'cancelled') db.run(deleteRun, runId);
  else db.run(updateRun, recorded.revision, ...progressValues(progress), runId);
}
