import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { folderArtifactStore, type ArtifactStore } from '@refit/artifacts';
import { DataFormat, defaultDataGate, type Snapshot } from '@refit/contracts';
import { computeStatistics, freezeFile, freezeWindow, snapshotType, withDuckDb, type WindowBatch } from '@refit/data';
import { allowedRanges, inferSchema, judgeData, type ColumnStatistics, type DatasetStatistics, type KnownSchema, type PartitionStatistics } from '@refit/data-validation';
import type { Runtime } from '@refit/service';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Validating } from './validating.js';
import { mergedWindowStatistics } from './window-statistics.js';

const flights = fileURLToPath(new URL('../../../node_modules/vega-datasets/data/flights-3m.parquet', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'refit-window-'));
const gate = defaultDataGate();
let artifacts: ArtifactStore;
let weeks: readonly Snapshot[];
let files = 0;

beforeAll(async () => {
  artifacts = await folderArtifactStore(join(folder, 'artifacts'));
  const found: Snapshot[] = [];
  for (const week of [0, 1, 2, 3]) {
    const path = join(folder, `${files++}.parquet`);
    await withDuckDb({ files: [flights], folders: [folder] }, (db) => db.run(`COPY (FROM '${flights}' LIMIT 30000 OFFSET ${week * 115_000}) TO '${path}' (FORMAT parquet)`));
    found.push((await freezeFile({ path, format: DataFormat.PARQUET, bytes: 1 }, { artifacts, scratch: scratch() })).snapshot);
  }
  weeks = found;
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true }));

function scratch(): string {
  const path = join(folder, `scratch-${files++}`);
  mkdirSync(path);
  return path;
}

const asBatch = async ({ hash, statisticsHash, rows, columns }: Snapshot): Promise<WindowBatch> =>
  ({ path: await artifacts.path(hash), columns: columns.map(({ name, type }) => ({ name, type: snapshotType(type) })), part: { snapshotHash: hash, statisticsHash, rows } });

const windowOver = async (snapshots: readonly Snapshot[], lastRows?: number) => freezeWindow({
  batches: await Promise.all(snapshots.map(asBatch)), window: lastRows === undefined ? undefined : { $typeName: 'refit.pipeline.v1.Window', last: { case: 'rows', value: lastRows } },
  timeColumn: '', artifacts, scratch: scratch(),
});

async function against(reference: DatasetStatistics, hash: string): Promise<DatasetStatistics> {
  const path = await artifacts.path(hash);
  return withDuckDb({ files: [path] }, (db) => computeStatistics(db, path, { reference, ranges: allowedRanges(inferSchema(reference), gate) }));
}

async function merged(window: Snapshot, newest: Snapshot | undefined) {
  const [first] = weeks;
  const reference = (await artifacts.getJson(first!.statisticsHash)) as DatasetStatistics; // as it was frozen
  const known = { schema: inferSchema(reference), referenceStatisticsHash: first!.statisticsHash } as KnownSchema; // nothing else of it is read
  const counted = newest ? [{ snapshotHash: newest.hash, statistics: await against(reference, newest.hash) }] : [];
  const validating = { runtime: { artifacts } as Runtime, gate } as Validating; // it uses nothing else
  return { reference, found: await mergedWindowStatistics(validating, window, known, reference, counted) };
}

const judged = (reference: DatasetStatistics, statistics: DatasetStatistics) =>
  judgeData({ batch: '', malformedRows: 0, malformedLines: [], gate, expected: { schema: inferSchema(reference), reference }, statistics });

const counted = ({ name, missing, numeric, text }: ColumnStatistics) =>
  [name, missing, numeric?.minimum, numeric?.maximum, numeric?.zeros, text?.minimumLength, text?.maximumLength];

const meanOf = ({ numeric }: ColumnStatistics) => numeric?.mean ?? 0;

describe('a window of whole batches', () => {
  it('is judged by their statistics as it is by its rows', async () => {
    const { snapshot } = await windowOver(weeks);
    const { reference, found } = await merged(snapshot, weeks[3]);
    const exact = judged(reference, await against(reference, snapshot.hash));
    const quick = judged(reference, found!);
    expect(quick.verdict).toBe(exact.verdict);
    expect(quick.anomalies.map(({ column, kind }) => [column, kind])).toEqual(exact.anomalies.map(({ column, kind }) => [column, kind]));
    expect(quick.drift.map(({ column, verdict }) => [column, verdict])).toEqual(exact.drift.map(({ column, verdict }) => [column, verdict]));
    for (const [i, { value = 0, distances }] of exact.drift.entries()) {
      expect(Math.abs((quick.drift[i]?.value ?? 0) - value)).toBeLessThan(0.002);
      for (const [k, distance] of distances.entries()) expect(Math.abs((quick.drift[i]?.distances[k]?.value ?? 0) - (distance.value ?? 0))).toBeLessThan(0.01 * Math.max(1, Math.abs(distance.value ?? 0)));
    }
  });

  it('has the numbers of its rows where these are exact', async () => {
    const { snapshot } = await windowOver(weeks);
    const { parts, columns } = (await artifacts.getJson(snapshot.statisticsHash)) as PartitionStatistics; // as it was frozen
    const path = await artifacts.path(snapshot.hash);
    const exact = await withDuckDb({ files: [path] }, (db) => computeStatistics(db, path));
    expect(parts).toHaveLength(4);
    expect(columns.map(counted)).toEqual(exact.columns.map(counted));
    for (const [i, mean] of exact.columns.map(meanOf).entries()) expect(Math.abs(meanOf(columns[i]!) - mean)).toBeLessThanOrEqual(1e-9 * Math.abs(mean));
  });

  it('that is one new batch has its statistics', async () => {
    const { snapshot } = await windowOver(weeks.slice(0, 1));
    expect(snapshot.statisticsHash).toBe(weeks[0]!.statisticsHash);
    const { reference, found } = await merged(snapshot, weeks[0]);
    expect(found).toEqual(await against(reference, weeks[0]!.hash));
  });
});

describe('a window that cuts a batch', () => {
  it('is described by its rows', async () => {
    const { snapshot } = await windowOver(weeks.slice(0, 2), 45_000);
    expect(snapshot.rows).toBe(45_000);
    expect(((await artifacts.getJson(snapshot.statisticsHash)) as PartitionStatistics).parts).toBeUndefined();
    expect((await merged(snapshot, undefined)).found).toBeUndefined();
  });
});
