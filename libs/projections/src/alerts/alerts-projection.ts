import { decodeEvent, streamSubject } from '@refit/contracts';
import type { Projection } from '../projection.js';
import { runEvents } from '../run-progress.js';

/** Every alert that was raised, with the run and the pipeline it is about. */
export const alertsProjection: Projection = {
  name: 'alerts',
  version: 2,
  tables: [
    // Counted in the order of the log, which is the order they are listed in.
    `CREATE TABLE alerts (
      number INTEGER PRIMARY KEY, run_id TEXT NOT NULL, pipeline TEXT NOT NULL, kind TEXT NOT NULL, severity INTEGER NOT NULL,
      recorded_at INTEGER NOT NULL, alert TEXT NOT NULL
    ) STRICT`,
    'CREATE INDEX alerts_by_pipeline ON alerts (pipeline, number)',
    'CREATE TABLE alert_runs (run_id TEXT PRIMARY KEY, pipeline TEXT NOT NULL) STRICT, WITHOUT ROWID',
  ],
  filter: { ...runEvents, types: ['refit.run.v1.RunRequested', 'refit.run.v1.AlertRaised'] },
  apply(db, recorded) {
    const event = decodeEvent(recorded);
    const runId = streamSubject(recorded.stream);
    if (event?.$typeName === 'refit.run.v1.RunRequested') {
      db.run('INSERT OR IGNORE INTO alert_runs VALUES (?, ?)', runId, event.pipeline);
    } else if (event?.$typeName === 'refit.run.v1.AlertRaised') {
      const run = db.get('SELECT pipeline FROM alert_runs WHERE run_id = ?', runId);
      db.run(
        'INSERT INTO alerts (run_id, pipeline, kind, severity, recorded_at, alert) VALUES (?, ?, ?, ?, ?, ?)',
        runId, String(run?.['pipeline'] ?? ''), event.kind, event.severity, recorded.recordedAt, JSON.stringify(recorded.data),
      );
    }
  },
};
