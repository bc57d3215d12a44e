import { copyFileSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSqliteEventStore } from '@refit/event-store/sqlite';
import { refusal } from '../../support/refusal.ts';
import { refit, RefitProcess } from '../../support/refit-process.ts';
import { pipelineText } from '../../support/shop-data.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const { folder, path, write } = temporaryFolder('event-store');
const logOf = (name: string) => path(name, 'state', 'events.sqlite');
const up = (name: string) => refit(['up', '--data-dir', path(name, 'state'), '--port', '0', '--grpc-port', '0']);
const pageSize = 4096;

/** A sound log of a few hundred pages, and where a damaged copy of it lies. */
const sound = path('sound.sqlite');
beforeAll(async () => {
  const store = await openSqliteEventStore({ file: sound });
  const events = Array.from({ length: 300 }, (_, i) => ({ id: randomUUID(), type: 'shop.v1.Sold', data: { item: i, note: 'x'.repeat(2000) }, metadata: {} }));
  for (let i = 0; i < events.length; i += 50) await store.append('sales', events.slice(i, i + 50), i === 0 ? 'no-stream' : i - 1);
  await store.close();
});
const copyOf = (name: string): string => {
  mkdirSync(path(name, 'state'), { recursive: true });
  copyFileSync(sound, logOf(name));
  return logOf(name);
};
const overwrite = (file: string, from: number, bytes: number) => {
  const content = readFileSync(file);
  for (let i = from; i < from + bytes; i++) content[i] = (i * 7919) % 251;
  writeFileSync(file, content);
};

describe('an event store that is damaged', { timeout: 60_000 }, () => {
  it.each<readonly [string, (file: string) => void]>([
    ['from its first byte on', (file) => overwrite(file, 0, 40_000)],
    ['in its middle', (file) => overwrite(file, 3 * pageSize, 40 * pageSize)],
    ['by being cut off', (file) => truncateSync(file, 100_000)],
    ['by being cut off after a few bytes', (file) => truncateSync(file, 10)],
  ])('%s stops the start with what to do, and stays as it is', async (name, damage) => {
    const file = copyOf(name);
    damage(file);
    const damaged = readFileSync(file);
    expect(await up(name)).toEqual(refusal('STORE_CORRUPT', /events\.sqlite is damaged or is not an event store .*Move it away together with .*-wal and .*-shm, then put a backup in its place, or start with an empty log/));
    expect(readFileSync(file).equals(damaged)).toBe(true);
  });

  it('is another program’s database is left alone', async () => {
    const other = new DatabaseSync(write('other/state/events.sqlite', ''));
    other.exec('CREATE TABLE photos (name TEXT)');
    other.close();
    expect(await up('other')).toEqual(refusal('STORE_CORRUPT', /is an SQLite database, but not an event store of Refit/));
  });

  it('is emptied is not taken for a new one; with its backup the history is there again', async () => {
    copyOf('emptied');
    await (await RefitProcess.start(path('emptied'))).stop();
    writeFileSync(logOf('emptied'), '');
    expect(await up('emptied')).toEqual(refusal('STORE_CORRUPT', /events\.sqlite is empty, though .*state has been in use\. Put a backup in its place, or remove the file/));
    copyOf('emptied');
    const mended = await RefitProcess.start(path('emptied'));
    try {
      expect((await mended.run('events', 'sales', '--json')).stdout.trim().split('\n')).toHaveLength(300);
    } finally {
      await mended.stop();
    }
  });
});

describe('an event store that another process has locked', { timeout: 60_000 }, () => {
  let server: RefitProcess;
  beforeAll(async () => {
    server = await RefitProcess.start(folder);
    await server.run('apply', write('shop.yaml', pipelineText));
  }, 60_000);
  afterAll(() => server.stop());

  /** This process is another one. */
  const locked = async <T>(file: string, work: () => Promise<T>): Promise<T> => {
    const database = new DatabaseSync(file);
    database.exec('BEGIN IMMEDIATE');
    try {
      return await work();
    } finally {
      database.exec('ROLLBACK');
      database.close();
    }
  };
  const decay = JSON.stringify({ specversion: '1.0', type: 'refit.decay.detected.v1', source: '/monitor', id: '1', data: { pipeline: 'shop', severity: 'high' } });
  const telling = /events\.sqlite stayed locked by another process\. Find out which program holds it \(fuser .*\), let it finish or stop it, and try again/;

  it('is waited for, then told to whoever asks; once it is free the same request is taken', async () => {
    await locked(path('state', 'events.sqlite'), async () => {
      const [posted, asked] = await Promise.all([server.post(decay), server.run('pause', 'shop')]);
      expect(posted).toMatchObject({ status: 503, body: { code: 'STORE_UNAVAILABLE', message: expect.stringMatching(telling) } });
      expect(asked).toEqual(refusal('STORE_UNAVAILABLE', telling));
    });
    expect(await server.post(decay)).toMatchObject({ status: 202, body: { verdicts: [{ verdict: 'VERDICT_STARTED' }] } });
    expect((await server.run('dead-letters')).stdout).toMatch(/^No dead letters/);
  });

  it('stops a start, with what to do', async () => {
    const file = copyOf('locked');
    const database = new DatabaseSync(file);
    database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
    expect(await up('locked')).toEqual(refusal('STORE_UNAVAILABLE', telling));
    database.close();
  });
});
