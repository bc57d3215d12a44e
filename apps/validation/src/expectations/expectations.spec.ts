import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { folderArtifactStore, type ArtifactStore } from '@refit/artifacts';
import {
  BatchIngestedSchema, BatchJudgedSchema, DataFormat, DataIngestedSchema, datasetStream, decodeEvent, event, ExpectationVerdict, FindingSeverity, ForgetOffendersRequestSchema, GetOffendersRequestSchema, isRefitError, offendersStream,
  parsePipelineFile, RunRequestedSchema, runStream, Step, StepClaimedSchema, type DataRejected, type DataValidated, type IngestedBatch, type OffendersEvent, type RunEvent, type Snapshot,
} from '@refit/contracts';
import { freezeFile, freezeWindow, withDuckDb, type SnapshotColumn } from '@refit/data';
import type { Offenders } from '@refit/data-validation';
import type { EventStore } from '@refit/event-store';
import { openSqliteEventStore } from '@refit/event-store/sqlite';
import { allSteps, evolveRun, initialRun } from '@refit/run';
import { toNewEvents, type StepContext } from '@refit/saga';
import type { Runtime } from '@refit/service';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import overlapJob from './overlap.worker.js';
import { OffendersController } from './offenders.controller.js';
import { ValidateDataStep } from '../validate-data.step.js';

const folder = mkdtempSync(join(tmpdir(), 'refit-expectations-'));
let files = 0;
let runs = 0;
let artifacts: ArtifactStore;
let store: EventStore;
let runtime: Runtime;

beforeAll(async () => {
  artifacts = await folderArtifactStore(join(folder, 'artifacts'));
});
beforeEach(async () => {
  store = await openSqliteEventStore({ file: join(folder, `${files++}.sqlite`) });
  // The job itself in place of a thread that runs it: threads run compiled files.
  const workers = { run: (_: URL, task: Parameters<typeof overlapJob>[0]) => overlapJob(task, { signal: new AbortController().signal, native: (work) => work(), progress: () => {} }) };
  runtime = { store, artifacts, workers } as unknown as Runtime; // the step uses nothing else
});
afterAll(() => rmSync(folder, { recursive: true }));

function scratch(): string {
  const path = join(folder, `scratch-${files++}`);
  mkdirSync(path);
  return path;
}

async function batch(name: string, select: string): Promise<IngestedBatch> {
  const path = join(folder, `${files++}.parquet`);
  await withDuckDb({ folders: [folder] }, (db) => db.run(`COPY (${select}) TO '${path}' (FORMAT parquet)`));
  const { snapshot } = await freezeFile({ path, format: DataFormat.PARQUET, bytes: 1 }, { artifacts, scratch: scratch() });
  return event(DataIngestedSchema, { newBatches: [{ name, version: 1, snapshot }] }).newBatches[0]!;
}

async function windowOver(batches: readonly IngestedBatch[]): Promise<Snapshot> {
  const parts = await Promise.all(batches.map(async ({ snapshot }) => ({ path: await artifacts.path(snapshot!.hash), columns: snapshot!.columns as unknown as SnapshotColumn[] }))); // as frozen
  return (await freezeWindow({ batches: parts, window: undefined, timeColumn: '', artifacts, scratch: scratch() })).snapshot;
}

async function validate(expectations: string, newBatches: readonly IngestedBatch[], { split = 'random', windowEnd }: { split?: string; windowEnd?: number } = {}) {
  const runId = `run-${++runs}`;
  const file = `version: refit/v1\nname: shop\nsource: x\nlabel: sold\ntrainer: linear\nsplit: ${split}\ndataGate:\n  drift: { minimumRows: 100000 }\n  expectations:\n${expectations.split('\n').map((line) => `    ${line}`).join('\n')}\n`;
  const { spec } = parsePipelineFile(file, { fileName: 'shop.yaml', baseDirectory: '/' });
  const events: RunEvent[] = [
    event(RunRequestedSchema, { runId, pipeline: 'shop', plan: [...allSteps], ...(windowEnd !== undefined && { windowEnd: timestampFromMs(windowEnd) }) }),
    event(DataIngestedSchema, { dataset: 'shop', newBatches: [...newBatches], window: await windowOver(newBatches) }),
    event(StepClaimedSchema, { step: Step.VALIDATE, attempt: 1, leaseId: 'lease', instanceId: 'instance' }),
  ];
  await store.append(runStream(runId), toNewEvents(events, {}), 'no-stream');
  const context: StepContext = { runId, run: events.reduce(evolveRun, initialRun), spec, attempt: 1, causationId: 'cause', signal: new AbortController().signal, progress: () => {}, now: () => 0 };
  const found = await new ValidateDataStep(runtime).work(context);
  const outcome = found.at(-1) as DataRejected | DataValidated; // the step returns no other last event
  return { runId, outcome, anomalies: outcome.anomalies.filter(({ expectation }) => expectation), alerts: found.slice(0, -1) };
}

const offenderEvents = async (): Promise<OffendersEvent[]> => {
  const events: OffendersEvent[] = [];
  for await (const recorded of store.readStream(offendersStream('shop'))) events.push(decodeEvent(recorded) as OffendersEvent); // the stream holds no other
  return events;
};

const usual = (rows = 400, price = '5 + range % 10') => `SELECT range AS id, ${price} AS price, range % 2 = 0 AS sold, 'c' || (range % 40) AS customer, TIMESTAMP '2026-01-01' + to_hours(range) AS at FROM range(${rows})`;

describe('the data gate with expectations', () => {
  it('lets data through that is as expected, and says of each what was counted', async () => {
    const { outcome, anomalies } = await validate('- unique: id\n- { between: { column: price, minimum: 0, maximum: 20 } }\n- increasing: at', [await batch('w1', usual())]);
    expect(outcome.$typeName).toBe('refit.run.v1.DataValidated');
    expect(anomalies).toEqual([]);
    expect(outcome.keptExpectations.map(({ name, batch: where, judgedRows }) => [name, where, judgedRows])).toEqual([
      ['unique id', '', 400], ['price between 0 and 20', '', 400], ['unique id', 'w1', 400], ['price between 0 and 20', 'w1', 400], ['at increasing', 'w1', 400],
    ]);
    expect(await artifacts.getJson(outcome.driftEvidenceHash)).toMatchObject({ expectations: [{ verdict: 'EXPECTATION_VERDICT_KEPT' }, {}, {}, {}, {}] });
    expect(await offenderEvents()).toEqual([]);
  });

  it('refuses a batch that is not, keeps its rows apart, and tells of it', async () => {
    await validate('- unique: id\n- { name: prices, between: { column: price, minimum: 6 }, mostly: 0.99 }', [await batch('w0', usual(400, '6 + range % 9'))]);
    const { runId, outcome, anomalies, alerts } = await validate('- unique: id\n- { name: prices, between: { column: price, minimum: 6 }, mostly: 0.99 }', [await batch('w1', usual())]);
    expect(outcome).toMatchObject({ $typeName: 'refit.run.v1.DataRejected', rejectedBatches: ['w1'] });
    expect(anomalies).toMatchObject([{ kind: 'CUSTOM_VALIDATION', column: 'price', batch: 'w1', severity: FindingSeverity.FAILURE, expectation: { unexpectedRows: 40, judgedRows: 400, toleratedRows: 4 } }]);
    expect(alerts).toMatchObject([{ kind: 'feature', message: expect.stringContaining('expected prices: 40 of 400 rows are not (10.0 %), 4 may be. Left out until delivered again: w1. If the data is right as it is, loosen dataGate') }]);
    const hash = anomalies[0]?.expectation?.offendersHash ?? '';
    expect(await offenderEvents()).toMatchObject([{ hash, runId, batch: 'w1', pipeline: 'shop', expectations: ['prices'], rows: 40 }]);
    const offenders = (await artifacts.getJson(hash)) as Offenders;
    expect(offenders).toMatchObject({ format: 'refit/offenders/v1', dataset: 'shop', batch: 'w1', keyColumns: ['id'] });
    expect(offenders.expectations[0]?.rows.slice(0, 2)).toEqual([{ row: 1, key: ['0'] }, { row: 11, key: ['10'] }]);
    expect(offenders.expectations[0]?.samples[1]).toEqual({ row: 11, values: { id: '10', price: '5', sold: 'true', customer: 'c10', at: '2026-01-01 10:00:00' } });
    expect(JSON.stringify(offenders)).not.toContain(runId);
  });

  it('refuses what could not be judged, and what is empty', async () => {
    const { outcome, anomalies } = await validate('- notNull: prise\n- sql: price > cost\n- { notNull: also, severity: info }', [await batch('w1', usual())]);
    expect(outcome.$typeName).toBe('refit.run.v1.DataRejected');
    expect(anomalies.map(({ kind, severity }) => [kind, severity])).toEqual([['CUSTOM_VALIDATION_UNKNOWN', 3], ['CUSTOM_VALIDATION_UNKNOWN', 3], ['CUSTOM_VALIDATION_UNKNOWN', 1]]);
    expect(anomalies[0]?.message).toContain('cannot be judged, the data has no column "prise" (did you mean "price"?');
    const empty = await validate('- notNull: price', [await batch('w2', usual(0))]);
    expect(empty.anomalies).toMatchObject([{ kind: 'CUSTOM_VALIDATION_UNKNOWN', message: expect.stringContaining('there are no rows') }]);
  });

  it('takes the ingestion for now, and of a backfill the end of its window', async () => {
    const fresh = '- { fresh: { column: at, within: 3d } }\n- notInFuture: at';
    const stale = await validate(fresh, [await batch('w1', usual())]);
    expect(stale.anomalies).toMatchObject([{ expectation: { name: 'at fresh within 3d', verdict: ExpectationVerdict.BROKEN, offendersHash: '' } }]);
    const then = await validate(fresh, [await batch('w1', usual())], { windowEnd: Date.UTC(2026, 0, 18) });
    expect(then.anomalies).toEqual([]);
    const before = await validate(fresh, [await batch('w1', usual())], { windowEnd: Date.UTC(2026, 0, 17, 10) });
    expect(before.anomalies[0]).toMatchObject({ expectation: { name: 'at not in the future', unexpectedRows: 5 } }); // 11:00 to 15:00 of the last day
  });

  it('compares the number of rows with that of the batches it has accepted', async () => {
    const expectations = '- rowCount: { batches: 3, atLeast: 0.8, atMost: 1.25 }';
    const first = await validate(expectations, [await batch('w1', usual())]);
    expect(first.anomalies).toMatchObject([{ kind: 'CUSTOM_VALIDATION_NOT_YET', severity: FindingSeverity.INFO }]);
    expect(first.outcome.$typeName).toBe('refit.run.v1.DataValidated');
    const history = [9999, 400, 410, 390].flatMap((rows, i) => [
      event(BatchIngestedSchema, { batch: { name: `h${i}` }, version: 1, snapshot: { hash: 'x', rows }, runId: 'r' }),
      event(BatchJudgedSchema, { batch: `h${i}`, version: 1, pipeline: 'shop', accepted: true, runId: 'r' }),
    ]);
    await store.append(datasetStream('shop'), toNewEvents(history, {}), 'no-stream');
    expect((await validate(expectations, [await batch('w2', usual(320))])).anomalies).toEqual([]);
    expect((await validate(expectations, [await batch('w2', usual(319))])).anomalies).toMatchObject([{ message: expect.stringContaining('319 rows; the median of the last 3 accepted batches is 400, expected 0.8 to 1.25 times that') }]);
  });

  it('finds customers on both sides of the split that the run will make, and not where the split keeps them together', async () => {
    const expectations = '- disjoint: customer';
    const { anomalies, outcome } = await validate(expectations, [await batch('w1', usual())]);
    const [found] = anomalies;
    expect(found).toMatchObject({ batch: '', expectation: { verdict: ExpectationVerdict.BROKEN } });
    expect(found?.expectation?.judgedRows).toBeGreaterThan(40); // a fifth of 400, at random
    expect(outcome).toMatchObject({ $typeName: 'refit.run.v1.DataRejected', rejectedBatches: ['w1'] });
    const apart = await validate(expectations, [await batch('w1', usual())], { split: '{ by: hash, column: customer }' });
    expect(apart.anomalies).toEqual([]);
    const byDay = await validate('- disjoint: { columns: at, timeUnit: day }', [await batch('w1', usual())], { split: '{ by: time, column: at }' });
    expect(byDay.anomalies).toMatchObject([{ expectation: { judgedRows: 80, unexpectedRows: 16 } }]); // of 400 hours the last 80 test; they begin at 08:00, and training has the hours before of that day
  });
});

describe('offending rows', () => {
  const expectations = '- { name: prices, between: { column: price, minimum: 6 } }';
  const controller = () => new OffendersController(runtime);
  const get = (named: MessageInitShape<typeof GetOffendersRequestSchema>) => event(GetOffendersRequestSchema, named);
  const forget = (named: MessageInitShape<typeof ForgetOffendersRequestSchema>) => event(ForgetOffendersRequestSchema, named);
  const ann = { actor: 'ann', reason: 'asked by the customer' };

  it('are shown by run, until they are forgotten: then by whom, when and why', async () => {
    const { runId, anomalies } = await validate(expectations, [await batch('w1', usual())]);
    const hash = anomalies[0]?.expectation?.offendersHash ?? '';
    const shown = await controller().getOffenders(get({ runId }));
    expect(shown.offenders).toMatchObject([{ hash, runId, batch: 'w1', expectations: [{ name: 'prices', unexpectedRows: 40, rows: expect.arrayContaining([{ row: 1, key: [] }]), samples: expect.anything() }] }]);

    const forgotten = await controller().forgetOffenders(forget({ runId, ...ann }));
    expect(forgotten).toEqual({ hashes: [hash], alreadyForgotten: [] });
    expect(await artifacts.has(hash)).toBe(false);
    const after = await controller().getOffenders(get({ hash }));
    expect(after.offenders).toMatchObject([{ hash, forgotten: ann }]);
    expect(await controller().forgetOffenders(forget({ runId, ...ann }))).toEqual({ hashes: [], alreadyForgotten: [hash] });
  });

  it('that were forgotten are not kept again when another run finds them', async () => {
    const first = await validate(expectations, [await batch('w1', usual())]);
    const hash = first.anomalies[0]?.expectation?.offendersHash ?? '';
    await controller().forgetOffenders(forget({ hash, ...ann }));
    const second = await validate(expectations, [await batch('w1', usual())]);
    expect(second.anomalies[0]?.expectation?.offendersHash).toBe(hash);
    expect(await artifacts.has(hash)).toBe(false);
    await expect(controller().forgetOffenders(forget({ dataset: 'shop', batch: 'w1', ...ann }))).resolves.toMatchObject({ alreadyForgotten: [hash] });
  });

  it('whose deletion a crash has cut off are deleted by the next start, and shown by nobody meanwhile', async () => {
    const { anomalies } = await validate(expectations, [await batch('w1', usual())]);
    const hash = anomalies[0]?.expectation?.offendersHash ?? '';
    const content = await artifacts.get(hash);
    await controller().forgetOffenders(forget({ hash, ...ann }));
    await artifacts.put(content);
    expect((await controller().getOffenders(get({ hash }))).offenders).toMatchObject([{ hash, forgotten: ann }]);
    await controller().finishForgetting();
    expect(await artifacts.has(hash)).toBe(false);
  });

  it('of nothing are an error, and so is a request for everything', async () => {
    const refused = (work: Promise<unknown>) => work.then(() => 'done', (error: unknown) => (isRefitError(error) ? error.code : error));
    expect(await refused(controller().getOffenders(get({})))).toBe('REQUEST_INVALID');
    expect(await refused(controller().getOffenders(get({ hash: 'f'.repeat(64) })))).toBe('ARTIFACT_NOT_FOUND');
    expect(await refused(controller().getOffenders(get({ runId: 'nobody' })))).toBe('RUN_NOT_FOUND');
    expect(await refused(controller().forgetOffenders(forget({ hash: 'f'.repeat(64), actor: 'ann', reason: '' })))).toBe('REQUEST_INVALID');
    expect(await refused(controller().getOffenders(get({ dataset: 'shop', batch: 'w1' })))).toBe('DATASET_NOT_FOUND');
    await store.append(datasetStream('shop'), toNewEvents([event(BatchIngestedSchema, { batch: { name: 'w1' }, version: 1, snapshot: { hash: 'x', rows: 400 }, runId: 'r' })], {}), 'no-stream');
    expect(await refused(controller().getOffenders(get({ dataset: 'shop', batch: 'W1' })))).toBe('BATCH_NOT_FOUND');
    expect(await refused(controller().forgetOffenders(forget({ dataset: 'shop', batch: 'w1', ...ann })))).toBe('ARTIFACT_NOT_FOUND');
    expect(await controller().getOffenders(get({ dataset: 'shop', batch: 'w1' }))).toEqual({ offenders: [], leftOut: 0 });
  });

  it('of a run that was not judged yet are not known; of one that was, there are none where none offended', async () => {
    const { runId, outcome } = await validate('- notNull: price', [await batch('w1', usual())]);
    const asked = () => controller().getOffenders(get({ runId }));
    await expect(asked()).rejects.toThrow('was not judged');
    await store.append(runStream(runId), toNewEvents([outcome], {}), 'any');
    expect(await asked()).toEqual({ offenders: [], leftOut: 0 });
  });
});
