import { championAlias } from '@refit/model-registry';
import { decodeEvent, streamSubject, VersionRegisteredSchema, type AliasMoved, type VersionRegistered } from '@refit/contracts';
import { toJsonString } from '@bufbuild/protobuf';
import type { Projection, ProjectionWriter } from '@refit/projections';

/** All models, with what their list shows. One model alone is read from its own stream. */
export const modelsProjection: Projection = {
  name: 'models',
  version: 2,
  tables: [
    // changed: milliseconds since 1970 at which the latest version was recorded
    'CREATE TABLE models (name TEXT PRIMARY KEY, latest_version INTEGER NOT NULL, changed INTEGER NOT NULL) STRICT, WITHOUT ROWID',
    'CREATE INDEX models_by_change ON models (changed DESC, name)',
    // was_champion: it is, or once was
    `CREATE TABLE model_versions (
      model TEXT NOT NULL, version INTEGER NOT NULL, pipeline TEXT NOT NULL, was_champion INTEGER NOT NULL, registered TEXT NOT NULL, PRIMARY KEY (model, version)
    ) STRICT, WITHOUT ROWID`,
    'CREATE TABLE model_aliases (model TEXT NOT NULL, alias TEXT NOT NULL, version INTEGER NOT NULL, PRIMARY KEY (model, alias)) STRICT, WITHOUT ROWID',
  ],
  filter: { streamPrefixes: ['model-'] },
  apply(db, recorded) {
    const event = decodeEvent(recorded);
    const model = streamSubject(recorded.stream);
    if (event?.$typeName === 'refit.model.v1.VersionRegistered') applyVersion(db, model, event, recorded.recordedAt);
    if (event?.$typeName === 'refit.model.v1.AliasMoved') applyAlias(db, model, event);
  },
};

function applyVersion(db: ProjectionWriter, model: string, event: VersionRegistered, recordedAt: number): void {
  db.run('INSERT OR REPLACE INTO model_versions VALUES (?, ?, ?, 0, ?)', model, event.version, event.pipeline, toJsonString(VersionRegisteredSchema, event));
  db.run(
    `INSERT INTO models VALUES (?, ?, ?)
     ON CONFLICT (name) DO UPDATE SET latest_version = excluded.latest_version, changed = excluded.changed`,
    model, event.version, Math.trunc(recordedAt),
  );
}

function applyAlias(db: ProjectionWriter, model: string, { alias, toVersion }: AliasMoved): void {
  db.run('INSERT OR REPLACE INTO model_aliases VALUES (?, ?, ?)', model, alias, toVersion);
  if (alias === championAlias) db.run('UPDATE model_versions SET was_champion = 1 WHERE model = ? AND version = ?', model, toVersion);
}
