import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { decodeEvent, runStream, type DataIngested } from '@refit/contracts';
import { configFrom, connect, startSystem } from '@refit/refit';
import { dayName, pipelineText, writeDays } from '../support/shop-data.ts';

let folder: string;
let system: Awaited<ReturnType<typeof startSystem>>;
let client: ReturnType<typeof connect>;
const actor = 'ada';
const pipeline = pipelineText.replace('{ last: 3 batches }', '{ last: 3d }');
const day = (n: number) => timestampFromDate(new Date(Date.UTC(2026, 0, n)));
const range = { pipeline: 'shop', from: day(1), until: day(7), everyMs: 86_400_000, bySchedule: false };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'refit-backfill-'));
  const files = writeDays(join(folder, 'days'));
  system = await startSystem({ ...configFrom({ dataDir: join(folder, 'state'), port: 0, grpcPort: 0, allowRoot: [folder] }), scanIntervalMs: 150 });
  client = connect(`127.0.0.1:${system.grpcPort}`);
  await client.admin.applyPipeline({ fileName: 'shop.yaml', text: pipeline, baseDirectory: folder, actor });
  for (const [i, file] of files.entries()) {
    await client.admin.announceData({ batch: { dataset: 'shop', name: dayName(i + 1), uri: pathToFileURL(file).href }, source: 'test', id: dayName(i + 1) });
  }
  await vi.waitUntil(async () => (await client.admin.listRuns({ pageSize: 100 })).runs.filter(({ status }) => status !== 'open').length === files.length, { timeout: 60_000, interval: 100 });
}, 90_000);
afterAll(async () => {
  client.close();
  await system.stop();
  await rm(folder, { recursive: true, force: true });
});

async function ended(backfillId: string) {
  await expect.poll(async () => (await client.admin.getBackfill({ backfillId })).backfill?.status, { timeout: 60_000, interval: 100 }).not.toBe('open');
  return (await client.admin.getBackfill({ backfillId })).backfill!;
}

async function ingested(runId: string): Promise<DataIngested> {
  for await (const recorded of system.runtime.store.readStream(runStream(runId))) {
    const event = decodeEvent(recorded);
    if (event?.$typeName === 'refit.run.v1.DataIngested') return event;
  }
  throw new Error(`run ${runId} ingested nothing`);
}

describe('a backfill over days that are past', () => {
  it('trains for each as if its end were now, registers beside the champion, and does nothing twice', { timeout: 120_000 }, async () => {
    const { champion, versions } = await shop();
    const plan = await client.admin.planBackfill({ range });
    // Of three days each, without the fourth, which the data gate has refused.
    expect(plan.spans.map(({ starts, rows, rowsExact }) => [starts, rows, rowsExact])).toEqual([400, 800, 1200, 800, 800, 800].map((rows) => [true, rows, true]));
    await client.admin.startBackfill({ range, actor, requestId: 'the-week' });
    const { spans } = await ended('the-week');
    expect(spans.map(({ outcome }) => outcome)).toEqual(Array.from({ length: 6 }, () => 'registered'));
    const windows = await Promise.all(spans.map(({ runId }) => ingested(runId)));
    expect(windows.map(({ window }) => window?.rows)).toEqual([400, 800, 1200, 800, 800, 800]);
    expect(windows.map(({ windowBatches }) => windowBatches.map((label) => Number(label.replace(/^day-(\d)@1$/, '$1'))))).toEqual([[1], [1, 2], [1, 2, 3], [2, 3], [3, 5], [5, 6]]);
    expect(windows.flatMap(({ newBatches }) => newBatches)).toEqual([]);
    const after = await shop();
    expect([after.champion, after.versions]).toEqual([champion, versions + 6]);

    const again = (await client.admin.startBackfill({ range, actor, requestId: 'once-more' })).backfill!;
    expect(again.spans.map(({ status, runId }) => [status, runId])).toEqual(spans.map(({ runId }) => ['skipped', runId]));
    expect(await shop()).toEqual(after);
  });

  it('lets no model win over a champion on rows that the champion knows, where promotion is asked for', { timeout: 60_000 }, async () => {
    await client.admin.applyPipeline({ fileName: 'shop.yaml', text: pipeline.replace('atLeast: 0.55', 'atLeast: 0.54'), baseDirectory: folder, actor });
    const before = await shop();
    await client.admin.startBackfill({ range: { ...range, from: day(6), until: day(7) }, promote: true, actor, requestId: 'promote' });
    expect((await ended('promote')).spans.map(({ outcome }) => outcome)).toEqual(['model-rejected']);
    expect(await shop()).toEqual(before);
  });

  it('says so for a span before there was any data', { timeout: 60_000 }, async () => {
    const before = { ...range, from: timestampFromDate(new Date('2025-12-25')), until: day(1) };
    const { spans } = (await client.admin.startBackfill({ range: before, actor, requestId: 'too-early' })).backfill!;
    expect(new Set(spans.map(({ status, why }) => `${status}: ${why}`))).toEqual(new Set(['skipped: The dataset has no rows for its window.']));
  });
});

async function shop(): Promise<{ champion: number | undefined; versions: number }> {
  const { model } = await client.registry.getModel({ name: 'shop' });
  return { champion: model?.aliases['champion'], versions: model?.latestVersion ?? 0 };
}
