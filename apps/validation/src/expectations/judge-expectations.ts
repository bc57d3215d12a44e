import { ExpectationVerdict, type Expectation, type ExpectationResult, type Snapshot } from '@refit/contracts';
import { collectOffenders, measureExpectations, snapshotAccess } from '@refit/data';
import { appliesTo, judgeExpectation, keyColumnsOf, unknown, withExpectations, type DataJudgement, type ExpectantJudgement, type Measured } from '@refit/data-validation';
import type { Validating } from '../validating.js';
import { acceptedRowCounts } from './accepted-row-counts.js';
import { ingestionTime } from './ingestion-time.js';
import { keepOffenders } from './keep-offenders.js';
import { overlapsIn } from './overlaps-in.js';

/**
 * What the gate says of a batch or, without a name, of the window, hand-written expectations included. Rows that broke one
 * are kept as an artifact that can be deleted; the results name it.
 */
export async function judgeExpectations(validating: Validating, batch: string, snapshot: Snapshot, judgement: DataJudgement): Promise<ExpectantJudgement> {
  const expectations = validating.gate.expectations.filter((expectation) => appliesTo(expectation, batch === '' ? 'window' : 'batch'));
  if (expectations.length === 0) return { ...judgement, expectations: [] };
  const path = await validating.runtime.artifacts.path(snapshot.hash);
  const now = await ingestionTime(validating);
  const { measured, known } = await measure(validating, expectations, { batch, snapshot, path, now });
  const results = expectations.map((expectation) => judgeExpectation(expectation, measured.get(expectation.name) ?? unknown('nothing was counted'), batch));
  const broken = expectations.filter(({ name }) => results.some((result) => result.name === name && result.verdict === ExpectationVerdict.BROKEN && result.unexpectedRows > 0));
  if (broken.length === 0) return withExpectations(judgement, expectations, results);
  const keyColumns = keyColumnsOf(validating.gate.expectations, validating.context.spec.split);
  const unexpected = new Map(results.map(({ name, unexpectedRows }) => [name, unexpectedRows]));
  const offenders = await collectOffenders(snapshotAccess(path, validating.context.signal), broken, { now, keyColumns, unexpected, known });
  const hash = await keepOffenders(validating, { batch, snapshotHash: snapshot.hash, keyColumns, expectations: offenders });
  const isBroken = ({ name }: ExpectationResult) => broken.some((expectation) => expectation.name === name);
  return withExpectations(judgement, expectations, results.map((result) => (isBroken(result) ? { ...result, offendersHash: hash } : result)));
}

interface Asked {
  readonly batch: string;
  readonly snapshot: Snapshot;
  readonly path: string;
  readonly now: number;
}

/** Each kind is counted where it can be: in the rows, in the history of the dataset, in the split that the run will make. */
async function measure(validating: Validating, expectations: readonly Expectation[], { batch, snapshot, path, now }: Asked) {
  const of = (kind: Expectation['expected']['case']) => expectations.filter(({ expected }) => expected.case === kind);
  const ofRows = expectations.filter(({ expected }) => expected.case !== 'rowCount' && expected.case !== 'disjoint');
  const measured = new Map<string, Measured>(await measureExpectations(snapshotAccess(path, validating.context.signal), ofRows, { now }));
  if (of('rowCount').length > 0) {
    const accepted = await acceptedRowCounts(validating, batch);
    for (const { name } of of('rowCount')) measured.set(name, { is: 'rowCount', rows: snapshot.rows, accepted });
  }
  const overlaps = await overlapsIn(validating, of('disjoint'), snapshot, path);
  for (const overlap of overlaps) measured.set(overlap.name, overlap.measured);
  return { measured, known: new Map(overlaps.map(({ name, rows }) => [name, rows])) };
}
