import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toJson, type MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { folderArtifactStore, type ArtifactStore } from '@refit/artifacts';
import {
  DataIngestedSchema, datasetStream, DataValidatedSchema, DriftMeasureSchema, DriftVerdict, event, ListDriftRequestSchema, RunRequestedSchema, runStream, WindowFrozenSchema, type DriftMeasure,
} from '@refit/contracts';
import type { EventStore } from '@refit/event-store';
import { openSqliteEventStore } from '@refit/event-store/sqlite';
import { toNewEvents } from '@refit/saga';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DriftController } from './drift.controller.js';

const folder = mkdtempSync(join(tmpdir(), 'refit-list-drift-'));
let store: EventStore;
let artifacts: ArtifactStore;
let controller: DriftController;

const measure = (column: string, verdict = DriftVerdict.STEADY) => event(DriftMeasureSchema, { column, batch: 'week', measure: 'psi', value: 0.02, verdict });

/** A run of `delays` on flights whose gate has measured this; the event has room for the first only. */
async function judged(runId: string, measures: readonly DriftMeasure[]): Promise<void> {
  const hash = await artifacts.putJson({ drift: measures.map((one) => toJson(DriftMeasureSchema, one)) });
  await store.append(datasetStream('flights'), toNewEvents([event(WindowFrozenSchema, { runId, version: 1 })], {}), 'any');
  await store.append(runStream(runId), toNewEvents([
    event(RunRequestedSchema, { runId, pipeline: 'delays' }), event(DataIngestedSchema, { dataset: 'flights' }), event(DataValidatedSchema, { schemaVersion: 1, drift: measures.slice(0, 1), driftEvidenceHash: hash }),
  ], {}), 'no-stream');
}

beforeAll(async () => {
  artifacts = await folderArtifactStore(join(folder, 'artifacts'));
  store = await openSqliteEventStore({ file: join(folder, 'events.sqlite') });
  controller = new DriftController({ store, artifacts });
  await judged('run-1', [measure('delay'), measure('distance')]);
  await judged('run-2', [measure('delay', DriftVerdict.MOVED), measure('distance'), measure('origin')]);
});
afterAll(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

async function list(asked: MessageInitShape<typeof ListDriftRequestSchema>) {
  const { measurements = [], nextPageToken = '' } = await controller.listDrift(event(ListDriftRequestSchema, asked));
  return { found: measurements.map(({ runId, measure: one }) => `${runId} ${one?.column}`), nextPageToken };
}

describe('measurements of drift', () => {
  it('are listed of all runs on a dataset, the newest first, also what the events had no room for', async () => {
    expect(await list({ dataset: 'flights' })).toEqual({ found: ['run-2 delay', 'run-2 distance', 'run-2 origin', 'run-1 delay', 'run-1 distance'], nextPageToken: '' });
    expect(await list({ runId: 'run-1' })).toMatchObject({ found: ['run-1 delay', 'run-1 distance'] });
  });

  it('come in pages that lose and repeat none', async () => {
    const found: string[] = [];
    for (let pageToken: string | undefined; pageToken !== ''; ) {
      const page = await list({ dataset: 'flights', pageSize: 2, pageToken: pageToken ?? '' });
      found.push(...page.found);
      pageToken = page.nextPageToken;
    }
    expect(found).toEqual(['run-2 delay', 'run-2 distance', 'run-2 origin', 'run-1 delay', 'run-1 distance']);
  });

  it('are those that are asked for', async () => {
    expect(await list({ dataset: 'flights', column: 'delay' })).toMatchObject({ found: ['run-2 delay', 'run-1 delay'] });
    expect(await list({ dataset: 'flights', verdict: 'moved' })).toMatchObject({ found: ['run-2 delay'] });
    expect(await list({ dataset: 'flights', pipeline: 'another' })).toMatchObject({ found: [] });
    expect(await list({ dataset: 'flights', until: timestampFromMs(1000) })).toMatchObject({ found: [] });
    expect(await list({ dataset: 'unheard-of' })).toMatchObject({ found: [] });
  });

  it('are refused for what there is not', async () => {
    for (const asked of [{}, { dataset: 'flights', verdict: 'odd' }, { dataset: 'flights', pageToken: 'x' }]) await expect(list(asked)).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
    await expect(list({ runId: 'run-9' })).rejects.toMatchObject({ code: 'RUN_NOT_FOUND' });
  });
});
