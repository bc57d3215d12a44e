import { join } from 'node:path';
import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { create, fromJsonString } from '@bufbuild/protobuf';
import { ModelSchema, RefitError, VersionRegisteredSchema, type Model, type VersionRegistered } from '@refit/contracts';
import { championAlias } from '@refit/model-registry';
import { openProjection, readPage, type OpenProjection, type Page, type PageRequest, type ProjectionReader } from '@refit/projections';
import { RUNTIME, SERVICE_NAME, type Runtime } from '@refit/service';
import { modelsProjection } from './models-projection.js';

/** The lists of models and of their versions, in the service's file of read models; as the log is when they are asked for. */
@Injectable()
export class ModelList implements OnApplicationBootstrap, OnApplicationShutdown {
  #projection: OpenProjection | undefined;

  constructor(
    @Inject(RUNTIME) private readonly runtime: Runtime,
    @Inject(SERVICE_NAME) private readonly service: string,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const { config, store, logger } = this.runtime;
    const file = join(config.dataDirectory, 'projections', `${this.service}.sqlite`);
    this.#projection = await openProjection({ file, projection: modelsProjection, store, logger });
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#projection?.stop();
  }

  /** The model with the newest version first. @throws RefitError REQUEST_INVALID, STORE_UNAVAILABLE */
  async models(page: PageRequest): Promise<Page<Model>> {
    const db = await this.#caughtUp();
    const rows = readPage(page, 2, (after, limit) => readModelRows(db, after, limit), (row) => [row.changed, row.name]);
    return { ...rows, items: rows.items.map((row) => describeModel(db, row)) };
  }

  /** Newest first; empty for a model that there is not. @throws RefitError REQUEST_INVALID, STORE_UNAVAILABLE */
  async versions(model: string, page: PageRequest): Promise<Page<VersionRegistered>> {
    const db = await this.#caughtUp();
    return readPage(page, 1, (after, limit) => readVersions(db, model, after?.[0] ?? Number.MAX_SAFE_INTEGER, limit), ({ version }) => [version]);
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

function readModelRows(db: ProjectionReader, after: Place | undefined, limit: number): ModelRow[] {
  const [changed = Number.MAX_SAFE_INTEGER, name = ''] = after ?? [];
  return db
    .all('SELECT * FROM models WHERE changed < ? OR (changed = ? AND name > ?) ORDER BY changed DESC, name LIMIT ?', changed, changed, name, limit)
    .map((row) => ({ name: String(row['name']), latestVersion: Number(row['latest_version']), changed: Number(row['changed']) }));
}

function describeModel(db: ProjectionReader, { name, latestVersion }: ModelRow): Model {
  const aliases = Object.fromEntries(
    db.all('SELECT alias, version FROM model_aliases WHERE model = ?', name).map((row) => [String(row['alias']), Number(row['version'])]),
  );
  const [champion] = aliases[championAlias] === undefined ? [] : readVersions(db, name, aliases[championAlias] + 1, 1);
  return create(ModelSchema, { name, aliases, latestVersion, ...(champion && { champion }) });
}

const readVersions = (db: ProjectionReader, model: string, below: string | number, limit: number): VersionRegistered[] =>
  db
    .all('SELECT registered FROM model_versions WHERE model = ? AND version < ? ORDER BY version DESC LIMIT ?', model, below, limit)
    .map((row) => fromJsonString(VersionRegisteredSchema, String(row['registered']), { ignoreUnknownFields: true }));
