import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AliasMovedSchema, event, GetModelRequestSchema, ListModelsRequestSchema, ListVersionsRequestSchema, modelStream, PromoteVersionRequestSchema,
  RollBackAliasRequestSchema, Task, VersionRegisteredSchema, type ModelEvent,
} from '@refit/contracts';
import type { EventStore } from '@refit/event-store';
import { openSqliteEventStore } from '@refit/event-store/sqlite';
import { modelDecider } from '@refit/model-registry';
import { handle } from '@refit/saga';
import type { Runtime } from '@refit/service';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ModelList } from './model-list.js';
import { RegistryController } from './registry.controller.js';

let folder: string;
let store: EventStore;
let lists: ModelList;
let registry: RegistryController;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'refit-registry-'));
  store = await openSqliteEventStore({ file: join(folder, 'events.sqlite') });
  const runtime = { store, config: { dataDirectory: folder }, logger: pino({ level: 'silent' }) } as Runtime; // they use nothing else
  lists = new ModelList(runtime, 'registry');
  await lists.onApplicationBootstrap();
  registry = new RegistryController(runtime, lists);
});
afterEach(async () => {
  await lists.onApplicationShutdown();
  await store.close();
  rmSync(folder, { recursive: true });
});

const registered = (version: number, pipeline = '') => event(VersionRegisteredSchema, { version, pipeline, runId: `run ${version}`, task: Task.BINARY, artifactHash: `artifact ${version}` });
const promoted = (fromVersion: number, toVersion: number) => event(AliasMovedSchema, { alias: 'champion', fromVersion, toVersion, runId: `run ${toVersion}` });
const given = (model: string, ...events: ModelEvent[]) => handle(store, modelStream(model), modelDecider, () => events, {});
const code = (work: Promise<unknown>) => work.then(() => 'none', (error: { code?: string }) => error.code);

describe('listing models', () => {
  const list = (request = {}) => registry.listModels(event(ListModelsRequestSchema, request));

  it('shows each with its aliases, its latest version and its champion', async () => {
    await given('delays', registered(1), promoted(0, 1), registered(2));
    expect(await list()).toMatchObject({
      models: [{ name: 'delays', aliases: { champion: 1 }, latestVersion: 2, champion: { version: 1, artifactHash: 'artifact 1', task: Task.BINARY } }],
      nextPageToken: '',
    });
  });

  it('gives every model once, page by page, the one with the newest version first', async () => {
    const names = Array.from({ length: 5 }, (_, i) => `model-${i}`);
    for (const name of names) await given(name, registered(1));
    await given('model-1', registered(2));
    const seen: string[] = [];
    let pageToken = '';
    do {
      const page = await list({ pageSize: 2, pageToken });
      seen.push(...(page.models ?? []).map((model) => model.name ?? ''));
      pageToken = page.nextPageToken ?? '';
    } while (pageToken !== '');
    expect(seen[0]).toBe('model-1');
    expect([...seen].sort()).toEqual(names);
  });

  it('refuses a token that it did not give out', async () => {
    expect(await code(list({ pageToken: 'page two' }))).toBe('REQUEST_INVALID');
  });

  it('can be asked for by name, and by what one of the versions is', async () => {
    await given('delays', registered(1, 'nightly'), promoted(0, 1));
    await given('delays-eu', registered(1, 'nightly'), promoted(0, 1), registered(2, 'weekly'), promoted(1, 2), registered(3, 'weekly'));
    await given('fares', registered(1, 'weekly'), event(AliasMovedSchema, { alias: 'shadow', toVersion: 1 }));
    const names = async (request: object) => ((await list(request)).models ?? []).map(({ name }) => name ?? '').sort();
    expect(await names({ namePattern: 'delays*' })).toEqual(['delays', 'delays-eu']);
    expect(await names({ pipeline: 'weekly' })).toEqual(['delays-eu', 'fares']);
    expect(await names({ alias: 'shadow' })).toEqual(['fares']);
    expect(await names({ status: 'champion' })).toEqual(['delays', 'delays-eu']);
    expect(await names({ status: 'former' })).toEqual(['delays-eu']);
    expect(await names({ status: 'candidate' })).toEqual(['delays-eu', 'fares']);
    expect(await names({ status: 'champion', pipeline: 'nightly' }), 'one version has to be both').toEqual(['delays']);
    expect(await names({ namePattern: 'none' })).toEqual([]);
    expect(await code(list({ status: 'best' }))).toBe('REQUEST_INVALID');
    expect(await code(list({ namePattern: '[' }))).toBe('REQUEST_INVALID');
  });

  it('is empty before the first model', async () => {
    expect(await list()).toEqual({ models: [], nextPageToken: '' });
  });
});

describe('one model', () => {
  it('comes with the history of its aliases', async () => {
    await given('delays', registered(1), promoted(0, 1), registered(2), promoted(1, 2));
    expect(await registry.getModel(event(GetModelRequestSchema, { name: 'delays' }))).toMatchObject({
      model: { name: 'delays', aliases: { champion: 2 }, latestVersion: 2, champion: { version: 2 } },
      aliasHistory: [{ toVersion: 1 }, { fromVersion: 1, toVersion: 2 }],
    });
  });

  it('has its versions listed page by page, newest first', async () => {
    await given('delays', registered(1), registered(2), registered(3));
    await given('fares', registered(1));
    const first = await registry.listVersions(event(ListVersionsRequestSchema, { model: 'delays', pageSize: 2 }));
    expect(first.versions).toMatchObject([{ version: 3 }, { version: 2 }]);
    const last = await registry.listVersions(event(ListVersionsRequestSchema, { model: 'delays', pageSize: 2, pageToken: first.nextPageToken ?? '' }));
    expect(last).toMatchObject({ versions: [{ version: 1 }], nextPageToken: '' });
  });

  it('has its versions listed by what they are, also when there is none like that', async () => {
    await given('delays', registered(1, 'nightly'), promoted(0, 1), registered(2, 'weekly'), promoted(1, 2), registered(3, 'weekly'));
    const versions = async (request: object) => ((await registry.listVersions(event(ListVersionsRequestSchema, { model: 'delays', ...request }))).versions ?? []).map(({ version }) => version);
    expect(await versions({ status: 'champion' })).toEqual([2]);
    expect(await versions({ status: 'former' })).toEqual([1]);
    expect(await versions({ status: 'candidate' })).toEqual([3]);
    expect(await versions({ pipeline: 'weekly' })).toEqual([3, 2]);
    expect(await versions({ alias: 'champion' })).toEqual([2]);
    expect(await versions({ alias: 'shadow' })).toEqual([]);
  });

  it('that is unknown is said to be', async () => {
    expect(await code(registry.getModel(event(GetModelRequestSchema, { name: 'none' })))).toBe('MODEL_NOT_FOUND');
    expect(await code(registry.listVersions(event(ListVersionsRequestSchema, { model: 'none' })))).toBe('MODEL_NOT_FOUND');
  });
});

describe('moving aliases', () => {
  const promote = (version: number, alias = '') =>
    registry.promoteVersion(event(PromoteVersionRequestSchema, { model: 'delays', version, alias, actor: 'ada', reason: 'it is time' }));
  const rollBack = (alias = '') => registry.rollBackAlias(event(RollBackAliasRequestSchema, { model: 'delays', alias, actor: 'ada' }));

  beforeEach(() => given('delays', registered(1), promoted(0, 1), registered(2)));

  it('promotes the champion by default, says who and why, and is seen at once', async () => {
    expect(await promote(2)).toMatchObject({ moved: { alias: 'champion', fromVersion: 1, toVersion: 2, actor: 'ada', reason: 'it is time', runId: '', rollback: false } });
    expect(await registry.listModels(event(ListModelsRequestSchema, {}))).toMatchObject({ models: [{ aliases: { champion: 2 }, champion: { version: 2 } }] });
  });

  it('rolls back', async () => {
    await promote(2);
    expect(await rollBack()).toMatchObject({ moved: { fromVersion: 2, toVersion: 1, rollback: true } });
    expect(await code(rollBack())).toBe('ALIAS_UNCHANGED');
  });

  it('refuses what can not be', async () => {
    expect(await code(promote(9))).toBe('MODEL_VERSION_NOT_FOUND');
    expect(await code(promote(1))).toBe('ALIAS_UNCHANGED');
    expect(await code(promote(2, 'no name\n'))).toBe('REQUEST_INVALID');
    expect(await code(rollBack('shadow'))).toBe('MODEL_VERSION_NOT_FOUND');
  });

  it('lets one of two people who promote at once go first', async () => {
    await given('delays', registered(3));
    const moves = await Promise.all([promote(2), promote(3)]);
    const order = moves.map(({ moved }) => [moved?.fromVersion, moved?.toVersion]);
    expect([[[1, 2], [2, 3]], [[3, 2], [1, 3]]]).toContainEqual(order);
  });
});
