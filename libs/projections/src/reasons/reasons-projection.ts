import { timestampMs } from '@bufbuild/protobuf/wkt';
import { decodeEvent, streamSubject, triggerStream, type ReasonJudged, type RunStarted } from '@refit/contracts';
import type { RecordedEvent } from '@refit/event-store';
import type { Projection, ProjectionWriter } from '../projection.js';

/** Every reason to run, its verdict, and the run that it ended in, at once or after it had waited. */
export const reasonsProjection: Projection = {
  name: 'reasons',
  version: 1,
  tables: [
    // Counted in the order of the log, which is the order they are listed in. batch: of a data arrival, else empty.
    `CREATE TABLE reasons (
      number INTEGER PRIMARY KEY, pipeline TEXT NOT NULL, source TEXT NOT NULL, id TEXT NOT NULL, kind INTEGER NOT NULL, verdict INTEGER NOT NULL,
      skip_cause INTEGER NOT NULL, batch TEXT NOT NULL, batch_rows INTEGER NOT NULL, occurred_at INTEGER NOT NULL, recorded_at INTEGER NOT NULL,
      run_id TEXT NOT NULL, judged TEXT NOT NULL
    ) STRICT`,
    'CREATE INDEX reasons_by_pipeline ON reasons (pipeline, number)',
    `CREATE INDEX reasons_without_run ON reasons (pipeline, source, id) WHERE run_id = ''`,
    `CREATE INDEX reasons_with_data_left ON reasons (pipeline, batch) WHERE run_id = '' AND batch <> ''`,
  ],
  filter: { streamPrefixes: [triggerStream('')], types: ['refit.trigger.v1.ReasonJudged', 'refit.trigger.v1.RunStarted'] },
  apply(db, recorded) {
    const event = decodeEvent(recorded);
    const pipeline = streamSubject(recorded.stream);
    if (event?.$typeName === 'refit.trigger.v1.ReasonJudged') judged(db, pipeline, event, recorded);
    if (event?.$typeName === 'refit.trigger.v1.RunStarted') started(db, pipeline, event);
  },
};

const insertReason = `
  INSERT INTO reasons (pipeline, source, id, kind, verdict, skip_cause, batch, batch_rows, occurred_at, recorded_at, run_id, judged)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;
const answerReason = `UPDATE reasons SET run_id = ? WHERE pipeline = ? AND source = ? AND id = ? AND run_id = ''`;
const takeBatch = `UPDATE reasons SET run_id = ? WHERE pipeline = ? AND batch = ? AND batch <> '' AND run_id = ''`;

function judged(db: ProjectionWriter, pipeline: string, { reason, verdict, skipCause, runId }: ReasonJudged, { recordedAt, data }: RecordedEvent): void {
  if (!reason) return;
  const { source, id, kind, batch, occurredAt } = reason;
  db.run(
    insertReason,
    pipeline, source, id, kind, verdict, skipCause, batch?.name ?? '', batch?.rows ?? 0, occurredAt ? timestampMs(occurredAt) : recordedAt, recordedAt,
    runId, JSON.stringify(data),
  );
}

/** It lists the reasons that it answers, of very many only the first; the others are known by the data that it takes. */
function started(db: ProjectionWriter, pipeline: string, { runId, reasonIds, batches }: RunStarted): void {
  for (const key of reasonIds) {
    const [source = '', id = ''] = splitOnce(key, ' '); // a source holds no space
    db.run(answerReason, runId, pipeline, source, id);
  }
  for (const { name } of batches) db.run(takeBatch, runId, pipeline, name);
}

function splitOnce(text: string, separator: string): readonly string[] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + separator.length)];
}
