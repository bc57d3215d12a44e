import { join } from 'node:path';
import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { create, fromJsonString } from '@bufbuild/protobuf';
import { ModelSchema, RefitError, VersionRegisteredSchema, type Model, type VersionRegistered } from '@refit/contracts';
import { championAlias } from '@refit/model-registry';
import { namePattern, openProjection, readPage, where, type OpenProjection, type Page, type PageRequest, type ProjectionReader } from '@refit/projections';
import { readModelsFolder, RUNTIME, SERVICE_NAME, type Runtime } from '@refit/service';
import { modelsProjection } from './models-projection.js';
import { versionConditions, type VersionFilter } from './version-filter.js';

export interface ModelsRequest extends PageRequest {
  /** Empty: any name. */
  readonly namePattern: string;
  /** A model is listed when one of its versions is like this. */
  readonly versions: VersionFilter;
}

/** The lists of models and of their versions, in the service's file of read models; as the log is when they are asked for. */
@Injectable()
export class ModelList implements OnApplicationBootstrap, OnApplicationShutdown {
  #projection: OpenProjection | undefined;

  constructor(
    @Inject(RUNTIME) private readonly runtime: Runtime,
    @Inject(SERVICE_NAME) private readonly service: string,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const { store, logger } = this.runtime;
    const file = join(readModelsFolder(this.runtime), `${this.service}.sqlite`);
    this.#projection = await openProjection({ file, projection: modelsProjection, store, logger });
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#projection?.stop();
  }

  /** The model with the newest version first. @throws RefitError REQUEST_INVALID, STORE_UNAVAILABLE */
  async models(request: ModelsRequest): Promise<Page<Model>> {
    const db = await this.#caughtUp();
    const rows = readPage(request, 2, (after, limit) => readModelRows(db, request, after, limit), (row) => [row.changed, row.name]);
    return { ...rows, items: rows.items.map((row) => describeModel(db, row)) };
  }

  /** Newest first; undefined for a model that there is not. @throws RefitError REQUEST_INVALID, STORE_UNAVAILABLE */
  async versions(model: string, filter: VersionFilter, page: PageRequest): Promise<Page<VersionRegistered> | undefined> {
    const db = await this.#caughtUp();
    if (!db.get('SELECT 1 FROM models WHERE name = ?', model)) return undefined;
    return readPage(page, 1, (after, limit) => readVersions(db, model, filter, after?.[0] ?? Number.MAX_SAFE_INTEGER, limit), ({ version }) => [version]);
  }

  async #caughtUp(): Promise<ProjectionReader> {
    if (!this.#projection) throw new RefitError('STORE_UNAVAILABLE', 'the list of models is not up yet; try again in a moment');
    await this.#projection.caughtUp();
    return this.#projection.db;
  }
}

type Place = readonly (string | number)[];

interface ModelRow {
  readonly name: string;
  readonly latestVersion: number;
  readonly changed: number;
}

function readModelRows(db: ProjectionReader, request: ModelsRequest, after: Place | undefined, limit: number): ModelRow[] {
  const [changed = Number.MAX_SAFE_INTEGER, name = ''] = after ?? [];
  const versions = where(['v.model = m.name'], ...versionConditions(request.versions));
  const { sql, values } = where(
    ['(changed < ? OR (changed = ? AND name > ?))', changed, changed, name],
    request.namePattern !== '' && ['name GLOB ?', namePattern(request.namePattern)],
    [`EXISTS (SELECT 1 FROM model_versions v WHERE ${versions.sql})`, ...versions.values],
  );
  return db
    .all(`SELECT * FROM models m WHERE ${sql} ORDER BY changed DESC, name LIMIT ?`, ...values, limit)
    .map((row) => ({ name: String(row['name']), latestVersion: Number(row['latest_version']), changed: Number(row['changed']) }));
}

function describeModel(db: ProjectionReader, { name, latestVersion }: ModelRow): Model {
  const aliases = Object.fromEntries(
    db.all('SELECT alias, version FROM model_aliases WHERE model = ?', name).map((row) => [String(row['alias']), Number(row['version'])]),
  );
  const [champion] = readVersions(db, name, { pipeline: '', alias: championAlias, status: '' }, Number.MAX_SAFE_INTEGER, 1);
  return create(ModelSchema, { name, aliases, latestVersion, ...(champion && { champion }) });
}

function readVersions(db: ProjectionReader, model: string, filter: VersionFilter, below: string | number, limit: number): VersionRegistered[] {
  const { sql, values } = where(['v.model = ?', model], ['v.version < ?', below], ...versionConditions(filter));
  return db
    .all(`SELECT registered FROM model_versions v WHERE ${sql} ORDER BY version DESC LIMIT ?`, ...values, limit)
    .map((row) => fromJsonString(VersionRegisteredSchema, String(row['registered']), { ignoreUnknownFields: true }));
}
