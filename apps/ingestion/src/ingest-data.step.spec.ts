import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { folderArtifactStore } from '@refit/artifacts';
import {
  DataRejectedSchema, DataValidatedSchema, datasetStream, decodeEvent, event, PipelineSpecSchema, RunRequestedSchema, runStream, SplitKind, SplitSchema, Step,
  StepClaimedSchema, WindowSchema, type DataIngested, type DomainEvent, type PipelineSpec, type RunEvent, type Window,
} from '@refit/contracts';
import { readColumns } from '@refit/data';
import type { DatasetStatistics } from '@refit/data-validation';
import type { EventStore } from '@refit/event-store';
import { openSqliteEventStore } from '@refit/event-store/sqlite';
import { allSteps, evolveRun, initialRun } from '@refit/run';
import { toNewEvents, type StepContext } from '@refit/saga';
import type { Runtime } from '@refit/service';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { IngestDataStep } from './ingest-data.step.js';

let folder: string;
let store: EventStore;
let runtime: Runtime;
let step: IngestDataStep;
let runs: number;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'refit-ingestion-'));
  mkdirSync(join(folder, 'data'));
  store = await openSqliteEventStore({ file: join(folder, 'events.sqlite') });
  const artifacts = await folderArtifactStore(join(folder, 'artifacts'));
  const config = { dataDirectory: folder, allowedRoots: [join(folder, 'data')] };
  runtime = { store, artifacts, config, logger: pino({ enabled: false }) } as unknown as Runtime; // it uses nothing else
  step = new IngestDataStep(runtime);
  runs = 0;
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

/** A day of data: `rows` rows an hour apart. */
function day(n: number, rows = 3, options: { x?: number; name?: string } = {}): string {
  const lines = Array.from({ length: rows }, (_, i) => `2001-01-${String(n).padStart(2, '0')}T${String(i).padStart(2, '0')}:00:00,${options.x ?? n}`);
  return write(options.name ?? `day-${n}.csv`, `t,x\n${lines.join('\n')}\n`);
}

function write(name: string, content: string): string {
  const path = join(folder, 'data', name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, content);
  return path;
}

const pipeline = (options: { name?: string; paths?: string[]; last?: Window['last']; timeColumn?: string; split?: SplitKind } = {}): PipelineSpec =>
  event(PipelineSpecSchema, {
    name: options.name ?? 'delays',
    dataset: 'flights',
    source: { paths: options.paths ?? [], timeColumn: options.timeColumn ?? 't', window: event(WindowSchema, { last: options.last ?? { case: undefined } }) },
    split: event(SplitSchema, { kind: options.split ?? SplitKind.RANDOM }),
  });

/** A run that reached ingestion, with batches announced by name and file. */
function requested(batches: Record<string, string> = {}, spec = pipeline(), windowEnd?: string) {
  const runId = `run-${++runs}`;
  const events: RunEvent[] = [
    event(RunRequestedSchema, {
      runId, pipeline: spec.name, plan: [...allSteps],
      ...(windowEnd !== undefined && { windowEnd: timestampFromDate(new Date(windowEnd)) }),
      batches: Object.entries(batches).map(([name, uri]) => ({ dataset: 'flights', name, uri })),
    }),
    event(StepClaimedSchema, { step: Step.INGEST, attempt: 1, leaseId: 'lease', instanceId: 'instance' }),
  ];
  const context: StepContext = {
    runId, run: events.reduce(evolveRun, initialRun), spec, attempt: 1, causationId: 'cause',
    signal: new AbortController().signal, progress: () => {}, now: () => 1000,
  };
  return { runId, context, events };
}

async function ingest({ context }: ReturnType<typeof requested>): Promise<DataIngested> {
  const [outcome] = await step.work(context);
  if (outcome?.$typeName !== 'refit.run.v1.DataIngested') throw new Error('no DataIngested');
  return outcome;
}

/** Writes the run's journal as the engine and the data gate would. */
async function judge(run: ReturnType<typeof requested>, ingested: DataIngested, rejected: readonly string[] = []): Promise<void> {
  const accepted = ingested.newBatches.map(({ name }) => name).filter((name) => !rejected.includes(name));
  const verdict = rejected.length > 0
    ? event(DataRejectedSchema, { acceptedBatches: accepted, rejectedBatches: [...rejected] })
    : event(DataValidatedSchema, { acceptedBatches: accepted });
  await store.append(runStream(run.runId), toNewEvents([...run.events, ingested, verdict], {}), 'no-stream');
}

async function ingestAndJudge(run: ReturnType<typeof requested>, rejected: readonly string[] = []) {
  const ingested = await ingest(run);
  await judge(run, ingested, rejected);
  return ingested;
}

const rowsOf = async (ingested: DataIngested) => {
  const x = (await readColumns(await runtime.artifacts.path(ingested.window!.hash))).columns.get('x');
  return x?.kind === 'number' ? [...x.values] : [];
};

async function datasetEvents(): Promise<DomainEvent[]> {
  const events: DomainEvent[] = [];
  for await (const recorded of store.readStream(datasetStream('flights'))) {
    const decoded = decodeEvent(recorded);
    if (decoded) events.push(decoded);
  }
  return events;
}
const datasetEventNames = async () => (await datasetEvents()).map(({ $typeName }) => $typeName.split('.').at(-1));

describe('ingestion', () => {
  it('freezes announced batches with their statistics, and the window over them', async () => {
    const ingested = await ingest(requested({ first: day(1), second: `file://${day(2)}` }));
    expect(ingested).toMatchObject({
      dataset: 'flights', datasetVersion: 1, windowBatches: ['first@1', 'second@1'], excludedBatches: [],
      newBatches: [{ name: 'first', version: 1, malformedRows: 0 }, { name: 'second', version: 1 }],
      window: { rows: 6, columns: [{ name: 't', type: 'TIMESTAMP' }, { name: 'x', type: 'BIGINT' }] },
    });
    expect(await rowsOf(ingested)).toEqual([1, 1, 1, 2, 2, 2]);
    const statistics = (await runtime.artifacts.getJson(ingested.newBatches[1]!.snapshot!.statisticsHash)) as DatasetStatistics;
    expect(statistics.columns[1]).toMatchObject({ name: 'x', numeric: { mean: 2 } });
    expect((await datasetEvents())[0]).toMatchObject({ timeFrom: Date.UTC(2001, 0, 1), timeUntil: Date.UTC(2001, 0, 1, 2), version: 1 });
    expect(readdirSync(join(folder, 'scratch'))).toEqual([]);
  });

  it('finds files by the pipeline’s globs once, and again only with other content', async () => {
    day(1);
    day(2);
    const spec = pipeline({ paths: [join(folder, 'data', '*.csv')] });
    expect((await ingestAndJudge(requested({}, spec))).newBatches.map(({ name }) => name)).toEqual(['day-1', 'day-2']);
    day(3);
    expect((await ingestAndJudge(requested({}, spec))).newBatches.map(({ name }) => name)).toEqual(['day-3']);
    expect((await ingestAndJudge(requested({}, spec))).newBatches).toEqual([]);
    day(2, 3, { x: 20 });
    const changed = await ingest(requested({}, spec));
    expect(changed.newBatches).toMatchObject([{ name: 'day-2', version: 2 }]);
    expect(await rowsOf(changed)).toEqual([1, 1, 1, 20, 20, 20, 3, 3, 3]);
  });

  it('does not take a file twice that was announced under another name', async () => {
    const spec = pipeline({ paths: [join(folder, 'data', '*.csv')] });
    const ingested = await ingest(requested({ january: day(1) }, spec));
    expect(ingested.windowBatches).toEqual(['january@1']);
  });

  it('executed again gives the same, though the files are gone by then', async () => {
    const path = day(1);
    const run = requested({ first: path });
    const once = await ingest(run);
    rmSync(path);
    expect(await ingest(run)).toEqual(once);
    expect(await datasetEventNames()).toEqual(['BatchIngested', 'WindowFrozen']);
  });

  it('goes on where it was killed between a batch and the window', async () => {
    const [first, second] = [day(1), join(folder, 'data', 'late.csv')];
    const run = requested({ first, second });
    await expect(ingest(run)).rejects.toMatchObject({ code: 'DATA_FILE_NOT_FOUND' });
    rmSync(first);
    writeFileSync(second, 't,x\n2001-01-02,2\n');
    expect((await ingest(run)).windowBatches).toEqual(['first@1', 'second@1']);
    expect(await datasetEventNames()).toEqual(['BatchIngested', 'BatchIngested', 'WindowFrozen']);
  });

  it('records what the gate said of earlier batches, and leaves refused ones out until they are delivered again', async () => {
    await ingestAndJudge(requested({ a: day(1) }));
    await ingestAndJudge(requested({ b: day(2) }), ['b']);
    const third = await ingestAndJudge(requested({ c: day(3) }));
    expect(third).toMatchObject({ newBatches: [{ name: 'c' }], windowBatches: ['a@1', 'c@1'], excludedBatches: ['b@1'] });
    expect(await rowsOf(third)).toEqual([1, 1, 1, 3, 3, 3]);
    const corrected = await ingestAndJudge(requested({ b: day(2, 3, { x: 22, name: 'corrected.csv' }) }));
    expect(corrected).toMatchObject({ newBatches: [{ name: 'b', version: 2 }], excludedBatches: [] });
    expect(await rowsOf(corrected)).toEqual([1, 1, 1, 22, 22, 22, 3, 3, 3]);
    expect((await datasetEvents()).filter(({ $typeName }) => $typeName.endsWith('BatchJudged'))).toMatchObject([
      { batch: 'a', version: 1, pipeline: 'delays', accepted: true, runId: 'run-1' },
      { batch: 'b', version: 1, accepted: false, runId: 'run-2' },
      { batch: 'c', version: 1, accepted: true, runId: 'run-3' },
    ]);
  });

  it('takes the same content again only after a refusal', async () => {
    await ingestAndJudge(requested({ a: day(1), b: day(2) }), ['b']);
    const again = await ingest(requested({ a: join(folder, 'data', 'day-1.csv'), b: join(folder, 'data', 'day-2.csv') }));
    expect(again.newBatches).toMatchObject([{ name: 'b', version: 2 }]);
  });

  it('brings a batch back that no gate has judged', async () => {
    await ingest(requested({ a: day(1) }));
    expect((await ingest(requested())).newBatches).toMatchObject([{ name: 'a', version: 1 }]);
  });

  it('does not need the file of a batch any more that a failed run had frozen', async () => {
    const path = day(1);
    await ingest(requested({ a: path }));
    rmSync(path);
    expect((await ingest(requested({ a: path }))).newBatches).toMatchObject([{ name: 'a', version: 1 }]);
  });

  it('keeps the judgements of one pipeline from another on the same dataset', async () => {
    await ingestAndJudge(requested({ a: day(1) }));
    await ingestAndJudge(requested({ b: day(2) }), ['b']);
    const other = await ingestAndJudge(requested({}, pipeline({ name: 'cancellations' })));
    expect(other.newBatches.map(({ name }) => name)).toEqual(['a', 'b']);
    expect((await ingest(requested())).excludedBatches).toEqual(['b@1']);
  });

  it('rolls the window by the times in the data, whatever the order of arrival', async () => {
    const spec = pipeline({ last: { case: 'durationMs', value: 24 * 3_600_000 } });
    const ingested = await ingest(requested({ c: day(3), a: day(1), b: day(2) }, spec));
    expect(await rowsOf(ingested)).toEqual([3, 3, 3]);
    const byBatches = await ingest(requested({}, pipeline({ last: { case: 'batches', value: 2 } })));
    expect(await rowsOf(byBatches)).toEqual([2, 2, 2, 3, 3, 3]);
    expect(byBatches.newBatches.map(({ name }) => name)).toEqual(['a', 'b', 'c']);
  });

  it('counts malformed rows', async () => {
    const path = write('ragged.csv', 't,x\n2001-01-01,1\nragged\n2001-01-02,2\n');
    expect((await ingest(requested({ r: path }))).newBatches).toMatchObject([{ malformedRows: 1, malformedLines: [3], snapshot: { rows: 2 } }]);
  });

  it('says so when there is no data, naming what was refused', async () => {
    await expect(ingest(requested())).rejects.toMatchObject({ code: 'DATA_EMPTY', message: 'dataset flights has no batch to train on: announce one' });
    await ingestAndJudge(requested({ a: day(1) }), ['a']);
    await expect(ingest(requested())).rejects.toMatchObject({ code: 'DATA_EMPTY', message: expect.stringContaining('a@1') });
  });

  it('says so when the first data has no times where the window or the split needs them', async () => {
    const text = write('str.csv', 't,c,x\n2001-01-01,soon,1\n2001-01-02,later,2\n');
    const unusable = (spec: PipelineSpec) => expect(ingest(requested({ str: text }, spec))).rejects.toMatchObject({
      code: 'TIME_COLUMN_UNUSABLE', message: expect.stringContaining('in batch str it is'),
    });
    await unusable(pipeline({ timeColumn: 'c', last: { case: 'durationMs', value: 1000 } }));
    await unusable(pipeline({ timeColumn: 'c', split: SplitKind.TIME }));
    await unusable(pipeline({ timeColumn: 'gone', split: SplitKind.TIME }));
    expect((await ingest(requested({ str: text }, pipeline({ timeColumn: 'c' })))).window?.rows).toBe(2);
  });

  it('leaves a later batch without times to the data gate', async () => {
    const spec = pipeline({ split: SplitKind.TIME, last: { case: 'durationMs', value: 24 * 3_600_000 } });
    await ingestAndJudge(requested({ a: day(1) }, spec));
    const ingested = await ingest(requested({ str: write('str.csv', 't,x\nsoon,2\n') }, spec));
    expect(ingested.newBatches).toMatchObject([{ name: 'str' }]);
    expect(await rowsOf(ingested)).toEqual([1, 1, 1]);
  });

  it('refuses files outside the allowed roots', async () => {
    writeFileSync(join(folder, 'outside.csv'), 't,x\n2001-01-01,1\n');
    await expect(ingest(requested({ a: join(folder, 'outside.csv') }))).rejects.toMatchObject({ code: 'PATH_NOT_ALLOWED' });
  });

  it('stops when it is cancelled, and leaves nothing behind', async () => {
    const run = requested({ a: day(1) });
    await expect(step.work({ ...run.context, signal: AbortSignal.abort(new Error('cancelled')) })).rejects.toThrow('cancelled');
    expect(await datasetEvents()).toEqual([]);
    expect(readdirSync(join(folder, 'scratch'))).toEqual([]);
  });

  it('does not repeat the columns of each batch where they are many, as an event is small', async () => {
    const header = Array.from({ length: 60 }, (_, i) => `column_with_a_long_name_${i}`).join(',');
    const row = Array.from({ length: 60 }, (_, i) => i).join(',');
    const files = Array.from({ length: 6 }, (_, i) => [`batch ${i}`, write(`${i}.csv`, `t,${header}\n2001-01-01,${row}\n`)]);
    const ingested = await ingest(requested(Object.fromEntries(files)));
    expect(ingested.window?.columns).toHaveLength(61);
    expect(ingested.newBatches.map(({ snapshot }) => snapshot?.columns.length)).toEqual([0, 0, 0, 0, 0, 0]);
  });
});

describe('a window that ends at a past time', () => {
  const hours = (n: number): Window['last'] => ({ case: 'durationMs', value: n * 3_600_000 });
  /** Days 1 to 3 are in the dataset and accepted: three rows each, at 0, 1 and 2 o'clock. */
  beforeEach(() => ingestAndJudge(requested({ c: day(3), a: day(1), b: day(2) })));
  const past = (windowEnd: string, last?: Window['last'], batches = {}) => ingest(requested(batches, pipeline(last && { last }), windowEnd));

  it('holds the rows before it and none at or after it', async () => {
    expect(await rowsOf(await past('2001-01-02T01:00Z'))).toEqual([1, 1, 1, 2]);
    expect(await rowsOf(await past('2001-01-03T00:00Z'))).toEqual([1, 1, 1, 2, 2, 2]);
  });

  it('reaches back from there, by time or by rows', async () => {
    expect(await rowsOf(await past('2001-01-03T01:00Z', hours(24)))).toEqual([2, 2, 3]);
    expect(await rowsOf(await past('2001-01-03T01:00Z', { case: 'rows', value: 2 }))).toEqual([2, 3]);
  });

  it('counts by batches those that were whole by then', async () => {
    const ingested = await past('2001-01-03T01:00Z', { case: 'batches', value: 1 });
    expect([ingested.windowBatches, await rowsOf(ingested)]).toEqual([['b@1'], [2, 2, 2]]);
  });

  it('leaves what waits for the data gate and lies after it to a later run', async () => {
    await ingest(requested({ d: day(4) }));
    expect((await past('2001-01-03T00:00Z')).newBatches).toEqual([]);
    expect((await ingest(requested())).newBatches).toMatchObject([{ name: 'd' }]);
  });

  it('takes batches that were delivered again since as they are now', async () => {
    await ingestAndJudge(requested({ a: day(1, 3, { x: 10, name: 'corrected.csv' }) }));
    expect(await rowsOf(await past('2001-01-02T00:00Z'))).toEqual([10, 10, 10]);
  });

  it('without any row is said, and not frozen', async () => {
    await expect(past('2001-01-01T00:00Z')).rejects.toMatchObject({ code: 'DATA_EMPTY', message: 'dataset flights has no rows for a window that ends at 2001-01-01T00:00:00.000Z' });
    await expect(past('2001-01-10T00:00Z', hours(24))).rejects.toMatchObject({ code: 'DATA_EMPTY' });
    expect((await datasetEventNames()).filter((name) => name === 'WindowFrozen')).toHaveLength(1); // of the days before
  });

  it('needs a time column', async () => {
    await expect(ingest(requested({}, pipeline({ timeColumn: '' }), '2001-01-02T00:00Z'))).rejects.toMatchObject({ code: 'TIME_COLUMN_UNUSABLE', message: expect.stringContaining('source.timeColumn') });
  });

  it('executed again gives the same', async () => {
    const run = requested({}, pipeline(), '2001-01-02T01:00Z');
    const once = await ingest(run);
    await ingestAndJudge(requested({ late: day(1, 3, { x: 7, name: 'late.csv' }) }));
    expect(await ingest(run)).toEqual(once);
  });
});
