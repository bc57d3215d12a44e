import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { folderArtifactStore, type ArtifactStore } from '@refit/artifacts';
import {
  BatchIngestedSchema, BatchJudgedSchema, DataFormat, DataGateSchema, DataIngestedSchema, datasetStream, decodeEvent, DomainClassifierSchema, DriftBaseline, DriftLimitsSchema, DriftVerdict, event, FindingSeverity, PipelineSpecSchema, RunRequestedSchema, schemaStream, Step,
  StepClaimedSchema, type DataGate, type DataRejected, type DataValidated, type IngestedBatch, type RunEvent, type SchemaInferred, type Snapshot,
} from '@refit/contracts';
import { freezeFile, freezeWindow, withDuckDb, type SnapshotColumn } from '@refit/data';
import type { EventStore } from '@refit/event-store';
import { openSqliteEventStore } from '@refit/event-store/sqlite';
import { allSteps, evolveRun, initialRun } from '@refit/run';
import { toNewEvents, type StepContext } from '@refit/saga';
import type { Runtime } from '@refit/service';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import tellApartJob, { type TellApartJob } from './drift/tell-apart.worker.js';
import { ValidateDataStep } from './validate-data.step.js';

const flights = fileURLToPath(new URL('../../../node_modules/vega-datasets/data/flights-3m.parquet', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'refit-validation-'));
let files = 0;
let artifacts: ArtifactStore;
let store: EventStore;
let step: ValidateDataStep;

beforeAll(async () => {
  artifacts = await folderArtifactStore(join(folder, 'artifacts'));
});
beforeEach(async () => {
  store = await openSqliteEventStore({ file: join(folder, `${files++}.sqlite`) });
  // The job itself in place of a thread that runs it: threads run compiled files.
  const workers = { run: (_: URL, task: TellApartJob) => tellApartJob(task, { signal: new AbortController().signal, native: (work) => work(), progress: () => {} }) };
  step = new ValidateDataStep({ store, artifacts, workers } as unknown as Runtime); // it uses nothing else
});
afterEach(async () => {
  await store.close();
});
afterAll(() => rmSync(folder, { recursive: true }));

function scratch(): string {
  const path = join(folder, `scratch-${files++}`);
  mkdirSync(path);
  return path;
}

/** Freezes the rows of a query as ingestion does. */
async function batch(name: string, select: string, malformedRows = 0): Promise<IngestedBatch> {
  const path = join(folder, `${files++}.parquet`);
  await withDuckDb({ files: [flights], folders: [folder] }, (db) => db.run(`COPY (${select}) TO '${path}' (FORMAT parquet)`));
  const { snapshot } = await freezeFile({ path, format: DataFormat.PARQUET, bytes: 1 }, { artifacts, scratch: scratch() });
  return event(DataIngestedSchema, { newBatches: [{ name, version: 1, snapshot, malformedRows }] }).newBatches[0]!;
}

async function windowOver(snapshots: readonly Snapshot[]): Promise<Snapshot> {
  const batches = await Promise.all(snapshots.map(async ({ hash, columns }) => ({ path: await artifacts.path(hash), columns: columns as unknown as SnapshotColumn[] }))); // as frozen
  return (await freezeWindow({ batches, window: undefined, timeColumn: '', artifacts, scratch: scratch() })).snapshot;
}

// What a pipeline file without a data gate gets.
const defaults = {
  psiWarning: 0.1, psiFailure: 0.25, maximumNullRateIncrease: 0.05, maximumUnseenCategoryRate: 0.05, rangeMargin: 0.5, minimumRows: 1,
  maximumMalformedRowRate: 0.01, newColumn: FindingSeverity.WARNING,
};
let runs = 0;

/** A run whose ingestion found these new batches and this window (by default the batches together). */
async function context(newBatches: readonly IngestedBatch[], options: { window?: Snapshot; gate?: Partial<DataGate> } = {}): Promise<StepContext> {
  const runId = `run-${++runs}`;
  const window = options.window ?? (await windowOver(newBatches.map(({ snapshot }) => snapshot!)));
  const events: RunEvent[] = [
    event(RunRequestedSchema, { runId, pipeline: 'delays', plan: [...allSteps] }),
    event(DataIngestedSchema, { dataset: 'flights', newBatches: [...newBatches], window }),
    event(StepClaimedSchema, { step: Step.VALIDATE, attempt: 1, leaseId: 'lease', instanceId: 'instance' }),
  ];
  const { $typeName: _type, ...gate } = event(DataGateSchema, { ...defaults, ...(options.gate as object) });
  return {
    runId, run: events.reduce(evolveRun, initialRun), spec: event(PipelineSpecSchema, { name: 'delays', dataset: 'flights', dataGate: gate }),
    attempt: 1, causationId: 'cause', signal: new AbortController().signal, progress: () => {}, now: () => 1000,
  };
}

const validate = async (...args: Parameters<typeof context>) => step.work(await context(...args));

const outcome = (events: readonly RunEvent[]) => events.at(-1) as DataValidated | DataRejected; // the step returns no other last event

const failures = (events: readonly RunEvent[]) => outcome(events).anomalies.filter(({ severity }) => severity === FindingSeverity.FAILURE);

async function schemaEvents(): Promise<SchemaInferred[]> {
  const events: SchemaInferred[] = [];
  for await (const recorded of store.readStream(schemaStream('flights'))) events.push(decodeEvent(recorded) as SchemaInferred); // the stream holds no other
  return events;
}

/** `whole` names no rows, as one value comes twice. */
const usual = (rows = 2000, shift = 0) =>
  `SELECT CASE WHEN range = 3 THEN 4 ELSE range END + ${shift} AS whole, sin(range) AS number, CASE range % 3 WHEN 0 THEN 'a' WHEN 1 THEN 'b' ELSE 'c' END AS letter FROM range(${rows})`;

describe('the first data', () => {
  it('becomes the reference: its schema is inferred and kept', async () => {
    const first = await batch('first', usual());
    const events = await validate([first]);
    expect(events).toMatchObject([{ $typeName: 'refit.run.v1.DataValidated', schemaVersion: 1, schemaInferred: true, anomalies: [], acceptedBatches: ['first'] }]);
    expect(await schemaEvents()).toMatchObject([{
      version: 1, referenceStatisticsHash: first.snapshot!.statisticsHash, referenceRows: 2000,
      schema: { columns: [
        { name: 'whole', type: 'integer', required: true, nullRate: 0, minimum: 0, maximum: 1999, domain: [] },
        { name: 'number', type: 'float' },
        { name: 'letter', type: 'string', domain: ['a', 'b', 'c'] },
      ] },
    }]);
  });

  it('is refused, and no schema kept, when it is empty, without values, or malformed', async () => {
    const cases: readonly [string, IngestedBatch][] = [
      ['NO_DATA_IN_SPAN', await batch('empty', `${usual()} WHERE false`)],
      ['DATASET_WITHOUT_VALUES', await batch('hollow', 'SELECT NULL::DOUBLE AS x, NULL::VARCHAR AS y FROM range(9)')],
      ['MALFORMED_ROWS', await batch('ragged', usual(100), 10)],
    ];
    for (const [kind, bad] of cases) {
      const events = await validate([bad]);
      expect(outcome(events)).toMatchObject({ schemaVersion: 0, rejectedBatches: [bad.name], acceptedBatches: [] });
      expect(failures(events)).toMatchObject([{ kind, batch: bad.name }]);
    }
    expect(await schemaEvents()).toEqual([]);
  });

  it('that is fit becomes the reference for the others of the same run', async () => {
    const events = await validate([await batch('empty', `${usual()} WHERE false`), await batch('good', usual())]);
    expect(outcome(events)).toMatchObject({ schemaVersion: 1, acceptedBatches: ['good'], rejectedBatches: ['empty'] });
  });

  it('is the reference also for a run that came second while both had none', async () => {
    const [mine, theirs] = [await batch('mine', usual()), await batch('theirs', usual())];
    await validate([mine]);
    expect(await validate([theirs])).toMatchObject([{ schemaVersion: 1, schemaInferred: false }]);
    expect(await schemaEvents()).toHaveLength(1);
  });

  it('keeps its reference when the step is executed again', async () => {
    const run = await context([await batch('first', usual())]);
    expect(await step.work(run)).toEqual(await step.work(run));
    expect(await schemaEvents()).toHaveLength(1);
  });
});

describe('the data gate', () => {
  const cases: readonly [string, string, string, RegExp][] = [
    ['a missing column', `SELECT whole, number FROM (${usual()})`, 'SCHEMA_MISSING_COLUMN', /^letter: the column is missing/u],
    ['a renamed column', `SELECT whole, number, letter AS leter FROM (${usual()})`, 'SCHEMA_MISSING_COLUMN', /^letter: the column is missing; the schema has it as .*; the new column "leter" may be it$/u],
    ['a retyped column', `SELECT whole, number::VARCHAR || 'x' AS number, letter FROM (${usual()})`, 'UNEXPECTED_DATA_TYPE', /^number: string values where float is expected/u],
    ['more missing values', `SELECT CASE WHEN range % 10 = 0 THEN NULL ELSE whole END AS whole, number, letter FROM (SELECT whole AS range, * FROM (${usual()}))`, 'FEATURE_TYPE_LOW_FRACTION_PRESENT', /^whole: 10\.0 % missing, reference 0\.0 %, allowed rise 5\.0 %$/u],
    ['unseen categories', `SELECT whole, number, CASE WHEN whole % 10 = 0 THEN 'new' ELSE letter END AS letter FROM (${usual()})`, 'ENUM_TYPE_UNEXPECTED_STRING_VALUES', /^letter: 10\.0 % of rows in categories never seen before \("new"\), allowed 5\.0 %$/u],
    ['numbers out of range', `SELECT whole, number + CASE WHEN whole % 50 = 0 THEN 100 ELSE 0 END AS number, letter FROM (${usual()})`, 'FLOAT_TYPE_BIG_FLOAT', /^number: up to .*40 rows \(2\.0 %\) lie above$/u],
    ['numbers that are not finite', `SELECT whole, CASE WHEN whole % 10 = 0 THEN 'nan'::DOUBLE ELSE number END AS number, letter FROM (${usual()})`, 'FLOAT_TYPE_HAS_NAN', /^number: 10\.0 % NaN/u],
    ['a moved distribution', `SELECT whole, abs(number) AS number, letter FROM (${usual()})`, 'COMPARATOR_PSI_HIGH', /^number: the distribution has moved, PSI /u],
    ['no rows', usual(0), 'NO_DATA_IN_SPAN', /^no rows/u],
  ];

  it.each(cases)('refuses %s', async (_, select, kind, message) => {
    await validate([await batch('first', usual())]);
    const events = await validate([await batch('bad', select)]);
    expect(outcome(events)).toMatchObject({ $typeName: 'refit.run.v1.DataRejected', rejectedBatches: ['bad'] });
    expect(failures(events)).toMatchObject([{ kind, batch: 'bad', message: expect.stringMatching(message) }]);
  });

  it('refuses fewer rows than it wants', async () => {
    const events = await validate([await batch('few', usual(40))], { gate: { minimumRows: 50 } });
    expect(failures(events)).toMatchObject([{ kind: 'DATASET_LOW_NUM_EXAMPLES', message: '40 rows, at least 50 needed' }]);
  });

  it('calls an empty batch empty, and says nothing else about it', async () => {
    const events = await validate([await batch('header-only', usual(0))]);
    expect(events).toMatchObject([
      { kind: 'empty-data', title: 'Data of flights refused: batch header-only is empty', message: expect.stringContaining('no rows, at most a header. Left out until delivered again: header-only.') },
      { anomalies: [{ kind: 'NO_DATA_IN_SPAN' }] },
    ]);
  });

  it('warns of a new column, a few outliers and whole numbers that became others', async () => {
    await validate([await batch('first', usual())]);
    const events = await validate([await batch('odd', `SELECT whole + 0.5 AS whole, number + CASE WHEN whole = 7 THEN 100 ELSE 0 END AS number, letter, 1 AS extra FROM (${usual()})`)]);
    expect(outcome(events).$typeName).toBe('refit.run.v1.DataValidated');
    expect(outcome(events).anomalies.map(({ kind }) => kind).sort()).toEqual(
      ['FLOAT_TYPE_BIG_FLOAT', 'SCHEMA_NEW_COLUMN', 'SINGLE_WILD_VALUE', 'UNEXPECTED_DATA_TYPE'].flatMap((kind) => [kind, kind]), // in the batch, and in the window
    );
  });

  it('fails what cannot be known: a column of text where all values are gone', async () => {
    await validate([await batch('first', `SELECT CASE WHEN range % 50 = 0 THEN 'x' END AS rare, 1 AS y FROM range(1000)`)]);
    const events = await validate([await batch('gone', `SELECT NULL::VARCHAR AS rare, 1 AS y FROM range(1000)`)]);
    expect(failures(events)).toMatchObject([{ kind: 'COMPARATOR_TREATMENT_DATA_MISSING', column: 'rare' }]);
    expect(outcome(events).drift.find(({ column }) => column === 'rare')?.value).toBeUndefined();
  });

  it('does not take chance for drift in a small batch, and says that it cannot tell', async () => {
    await validate([await batch('first', usual(100_000))]);
    const events = await validate([await batch('small', `${usual(100_000)} USING SAMPLE reservoir(40 ROWS) REPEATABLE (7)`)]);
    expect(failures(events)).toEqual([]);
    expect(outcome(events).anomalies.map(({ kind }) => kind)).toContain('COMPARATOR_TOO_FEW_ROWS');
  });

  it('keeps every measurement, passing or not, in an artifact', async () => {
    await validate([await batch('first', usual())]);
    const found = outcome(await validate([await batch('next', usual())]));
    const evidence = (await artifacts.getJson(found.driftEvidenceHash)) as { drift: { column: string; distances: { name: string }[] }[] }; // as the step has put it
    expect(evidence.drift.map(({ column }) => column)).toEqual(['whole', 'number', 'letter', 'whole', 'number', 'letter']); // the same rows: no classifier is asked
    expect(evidence.drift[0]?.distances.map(({ name }) => name)).toEqual([
      'wasserstein', 'mean-difference', 'kolmogorov-smirnov', 'chi-square', 'jensen-shannon', 'hellinger', 'l-infinity', 'normalized-absolute-difference', 'histogram-jensen-shannon', 'missing',
    ]);
    expect(found.drift[0]).toMatchObject({ column: 'whole', verdict: DriftVerdict.STEADY, value: 0, chanceLimit: expect.closeTo(0.0217, 3), pValue: 1 });
  });

  it('ignores the columns it is told to', async () => {
    await validate([await batch('first', usual())]);
    const events = await validate([await batch('next', `SELECT whole + 5000 AS whole, number, letter FROM (${usual()})`)], { gate: { ignoredColumns: ['whole'] } });
    expect(outcome(events).$typeName).toBe('refit.run.v1.DataValidated');
  });

  it('measures exactly where the rows of the reference are at hand, and says how sure it is where they are not', async () => {
    const first = await batch('first', usual());
    await validate([first]);
    const error = (events: readonly RunEvent[]) => outcome(events).drift.find(({ column, batch: name }) => column === 'whole' && name !== '')?.distances.find(({ name }) => name === 'kolmogorov-smirnov')?.error;
    expect(error(await validate([await batch('next', usual(2000, 3))]))).toBe(0);
    await artifacts.remove(first.snapshot!.hash);
    const later = outcome(await validate([await batch('later', usual(2000, 5))]));
    expect(error([later])).toBeGreaterThan(0);
    expect(later.drift.find(({ measure }) => measure === 'domain-classifier')).toMatchObject({ verdict: DriftVerdict.UNKNOWN, seen: expect.stringContaining('not at hand') });
    expect(later.anomalies.map(({ kind }) => kind)).toContain('COMPARATOR_CLASSIFIER_INCONCLUSIVE');
  });

  it('asks a classifier of the newest batch, which warns unless the pipeline file lets it fail', async () => {
    // As many of each letter, but by the number.
    const agreeing = (shift: number) => `SELECT whole, number, CASE WHEN number > 0.5 THEN 'a' WHEN number < -0.5 THEN 'b' ELSE 'c' END AS letter FROM (${usual(2000, shift)})`;
    await validate([await batch('first', usual())]);
    const asked = (events: readonly RunEvent[]) => outcome(events).drift.filter(({ measure }) => measure === 'domain-classifier');
    expect(asked(await validate([await batch('second', usual(2000, 1)), await batch('third', usual(2000, 2))]))).toMatchObject([{ batch: 'third', verdict: DriftVerdict.STEADY, column: '' }]);
    const [warned] = asked(await validate([await batch('agreeing', agreeing(1))]));
    expect(warned).toMatchObject({ verdict: DriftVerdict.MOVED, severity: FindingSeverity.WARNING, rows: 2000, referenceRows: 2000 });
    expect(warned?.toldApart?.columns.slice(0, 2).map(({ column }) => column).toSorted()).toEqual(['letter', 'number']);
    const classifier = (settings: MessageInitShape<typeof DomainClassifierSchema>) => ({ gate: { domainClassifier: event(DomainClassifierSchema, settings) } });
    expect(failures(await validate([await batch('again', agreeing(2))], classifier({ failure: 0.6 }))).map(({ kind }) => kind)).toEqual(['COMPARATOR_CLASSIFIER_AUC_HIGH']);
    expect(asked(await validate([await batch('unasked', agreeing(3))], classifier({ disabled: true })))).toEqual([]);
  });

  /** A batch that the dataset knows, as of this time. */
  const ingested = async (name: string, select: string, at: number) => {
    const made = await batch(name, select);
    await store.append(datasetStream('flights'), toNewEvents([event(BatchIngestedSchema, { batch: { dataset: 'flights', name }, version: 1, timeUntil: at, snapshot: made.snapshot! })], {}), 'any');
    return made;
  };
  /** As the next run records what the gate of the one before has said. */
  const judged = async (names: readonly string[], accepted: boolean) =>
    store.append(datasetStream('flights'), toNewEvents(names.map((name) => event(BatchJudgedSchema, { batch: name, version: 1, pipeline: 'delays', accepted, runId: 'earlier' })), {}), 'any');

  it('compares a batch with the one that an earlier run has accepted, past those that it refused', async () => {
    const gate = { driftAgainst: [DriftBaseline.REFERENCE, DriftBaseline.PREVIOUS], psiFailure: 99, wassersteinFailure: 99 };
    await validate([await ingested('first', usual(), 1)], { gate });
    await judged(['first'], true);
    const second = outcome(await validate([await ingested('second', usual(2000, 600), 2)], { gate }));
    expect(second.anomalies.filter(({ batch: name, kind }) => name === 'second' && kind.startsWith('COMPARATOR_P')).map(({ kind, column }) => `${kind} ${column}`)).toEqual(['COMPARATOR_PSI_HIGH whole', 'COMPARATOR_PREVIOUS_HIGH whole']);
    await judged(['second'], true);
    await ingested('refused', usual(2000, 9000), 3);
    await judged(['refused'], false);

    const again = await ingested('third', usual(), 4); // the rows of the reference
    const third = outcome(await validate([again], { gate }));
    expect(third.drift.filter(({ against }) => against !== '').map(({ column, against, verdict }) => [column, against, verdict])).toEqual([
      ['whole', 'second@1', DriftVerdict.MOVED], ['number', 'second@1', DriftVerdict.STEADY], ['letter', 'second@1', DriftVerdict.STEADY],
    ]);
    expect(third.anomalies.filter(({ kind }) => kind.startsWith('COMPARATOR_'))).toMatchObject([{
      kind: 'COMPARATOR_PREVIOUS_HIGH', column: 'whole', severity: FindingSeverity.WARNING, message: expect.stringMatching(/^whole: the distribution differs from that of batch second@1, .*median 1599\.5 → 999\.5/u),
    }]);
    expect(third.drift.find(({ column, against }) => column === 'whole' && against !== '')?.distances.find(({ name }) => name === 'kolmogorov-smirnov')).toMatchObject({ value: 0.3005, error: 0 }); // 601 of 2,000, as 3 comes as 4

    await judged(['third'], true);
    await artifacts.remove(again.snapshot!.hash);
    const fourth = outcome(await validate([await ingested('fourth', usual(2000, 5), 5)], { gate }));
    expect(fourth.drift.find(({ column, against }) => column === 'whole' && against === 'third@1')?.distances.find(({ name }) => name === 'kolmogorov-smirnov')?.error).toBeGreaterThan(0);
  });

  it('compares with the batch before where the pipeline file asks for it, and warns', async () => {
    const gate = { driftAgainst: [DriftBaseline.REFERENCE, DriftBaseline.PREVIOUS], psiFailure: 99, wassersteinFailure: 99 };
    await validate([await ingested('first', usual(), 1)], { gate });
    const moved = [await ingested('second', usual(2000, 600), 2), await ingested('third', usual(2000, 620), 3)];
    const found = outcome(await validate(moved, { gate }));
    expect(found.drift.filter(({ against }) => against !== '').map(({ batch: name, against }) => `${name} ${against}`)).toEqual(Array.from({ length: 3 }, () => 'third second@1'));
    expect(found.anomalies.filter(({ kind }) => kind === 'COMPARATOR_PREVIOUS_HIGH')).toEqual([]);
    expect(found.anomalies.filter(({ kind, batch: name }) => kind === 'COMPARATOR_PSI_HIGH' && name === 'third')).toHaveLength(1);
    const back = outcome(await validate([await ingested('fourth', usual(2000, 1), 4)], { gate }));
    expect(back.drift.filter(({ against }) => against !== '')).toEqual([]); // nothing says that the others were accepted
  });

  it('neither counts on running numbers to stay, nor takes the next ones for drift', async () => {
    const numbered = (from: number, number = 'sin(range)') => `SELECT range + ${from} AS id, ${number} AS number FROM range(2000)`;
    await validate([await batch('first', numbered(1))]);
    const next = outcome(await validate([await batch('next', numbered(2001))]));
    expect(next.anomalies).toEqual([]);
    expect(new Set(next.drift.map(({ column }) => column))).toEqual(new Set(['number', '']));
    const rule = (await schemaEvents())[0]?.schema?.columns[0];
    expect([rule?.name, rule?.unique, rule?.minimum, rule?.maximum]).toEqual(['id', true, undefined, undefined]);
    expect(await schemaEvents()).toHaveLength(1); // no range is learnt
    expect(failures(await validate([await batch('moved', numbered(4001, 'abs(sin(range))'))])).map(({ column }) => column)).toEqual(['number']);
    expect(failures(await validate([await batch('asked', numbered(6001))], { gate: { driftLimits: [event(DriftLimitsSchema, { column: 'id' })] } })).map(({ column, kind }) => `${column} ${kind}`)).toEqual(['id COMPARATOR_PSI_HIGH']);
  });

  it('accepts the good batches of a run that it stops for a bad one', async () => {
    await validate([await batch('first', usual())]);
    const events = await validate([await batch('good', usual()), await batch('bad', `SELECT number FROM (${usual()})`)]);
    expect(outcome(events)).toMatchObject({ acceptedBatches: ['good'], rejectedBatches: ['bad'] });
  });

  it('refuses all new batches when only their window fails, and says so', async () => {
    await validate([await batch('first', usual())]);
    const next = await batch('next', usual());
    const moved = await batch('moved', usual(20_000, 900));
    const events = await validate([next], { window: await windowOver([next.snapshot!, moved.snapshot!]) });
    expect(outcome(events)).toMatchObject({ acceptedBatches: [], rejectedBatches: ['next'] });
    expect(failures(events).every(({ batch: name }) => name === '')).toBe(true);
    expect(events[0]).toMatchObject({ $typeName: 'refit.run.v1.AlertRaised', message: expect.stringContaining('Each new batch passes alone') });
  });

  it('judges the window also when no batch is new', async () => {
    const first = await batch('first', usual());
    await validate([first]);
    expect(await validate([], { window: first.snapshot! })).toMatchObject([{ $typeName: 'refit.run.v1.DataValidated', acceptedBatches: [] }]);
  });

  it('keeps its events under 64 KiB, whatever it finds, and says what it left out', async () => {
    const columns = (expression: string) => Array.from({ length: 100 }, (_, i) => `${expression} AS column_with_quite_a_long_name_${i}`).join(', ');
    await validate([await batch('first', `SELECT ${columns('range // 2')} FROM range(50)`)]);
    const events = await validate([await batch('bad', `SELECT ${columns('range // 2 + 1000')} FROM range(50)`)]);
    for (const stored of toNewEvents(events, {})) expect(Buffer.byteLength(JSON.stringify(stored))).toBeLessThan(65_536);
    expect(outcome(events).anomalies.at(-1)).toMatchObject({ kind: 'FINDINGS_LEFT_OUT', message: expect.stringMatching(/^\d+ further anomalies/u) });
  });
});

describe('weeks of flights', () => {
  const week = (from: string, until: string) => `SELECT * FROM read_parquet('${flights}') WHERE date >= '${from}' AND date < '${until}'`;
  const corrupted = `SELECT date, delay, CAST(distance * 1.609344 AS BIGINT) AS distance, CASE WHEN row_number() OVER () % 3 = 0 THEN NULL ELSE origin END AS origin, destination
    FROM (${week('2001-03-05', '2001-03-12')})`;

  it('pass; one in kilometres that lacks a third of the origins does not, and its correction does', async () => {
    expect(await validate([await batch('week-01', week('2001-01-01', '2001-01-08'))])).toMatchObject([{ schemaInferred: true, anomalies: [] }]);
    expect(await validate([await batch('week-02', week('2001-01-08', '2001-01-15'))])).toMatchObject([{ $typeName: 'refit.run.v1.DataValidated' }]);

    const events = await validate([await batch('week-10', corrupted)]);
    expect(outcome(events)).toMatchObject({ $typeName: 'refit.run.v1.DataRejected', rejectedBatches: ['week-10'] });
    expect(failures(events).map(({ column, kind }) => `${column} ${kind}`)).toEqual(['distance UNIT_CHANGED', 'distance COMPARATOR_PSI_HIGH', 'origin FEATURE_TYPE_LOW_FRACTION_PRESENT']);
    expect(events.slice(0, -1)).toMatchObject([
      { kind: 'distribution', title: 'Data of flights refused: distribution anomalies in batch week-10', message: expect.stringMatching(/^distance: as if miles became kilometres; all quantiles agree, the median is 916 after 576; distance: the distribution has moved, PSI 0\.36\d, failure at 0\.25 \(by chance up to 0\.0003\d\), Wasserstein 0\.86 σ, median 576 → 916, 95th percentile 1960 → 3104\. Left out until delivered again: week-10\. If the data is right/u) },
      { kind: 'feature', title: 'Data of flights refused: feature anomaly in batch week-10', message: expect.stringContaining('origin: 33.3 % missing, reference 0.0 %, allowed rise 5.0 %') },
    ]);
    expect(outcome(events).drift.map(({ column }) => column)).toEqual(['delay', 'distance', 'origin', 'destination', '']); // of all together a classifier says it

    expect(await validate([await batch('week-10', week('2001-03-05', '2001-03-12'))])).toMatchObject([{ acceptedBatches: ['week-10'] }]);
  });

  const worst = week('2001-04-23', '2001-04-30');

  it('of the worst delays (late April) have moved too far for the default limits', async () => {
    await validate([await batch('week-01', week('2001-01-01', '2001-01-08'))]);
    const events = await validate([await batch('week-17', worst)]);
    expect(failures(events)).toMatchObject([{
      column: 'delay', kind: 'COMPARATOR_WASSERSTEIN_HIGH',
      message: expect.stringMatching(/^delay: the distribution has moved, Wasserstein 0\.58 σ, failure at 0\.5 \(PSI by chance up to 0\.0003\d\), PSI 0\.2\d\d, median 1 → -4, 95th percentile 69 → 34$/u),
    }]);
  });

  it('of the worst delays raise a warning and no failure where the pipeline lets delays move', async () => {
    await validate([await batch('week-01', week('2001-01-01', '2001-01-08'))]);
    const gate = { driftLimits: [event(DriftLimitsSchema, { column: 'delay', wassersteinWarning: 0.5, wassersteinFailure: 1 })] };
    const events = await validate([await batch('week-17', worst)], { gate });
    expect(outcome(events)).toMatchObject({ acceptedBatches: ['week-17'] });
    expect(outcome(events).anomalies).toMatchObject([{ column: 'delay', severity: FindingSeverity.WARNING }, { batch: '' }]);
  });
});
