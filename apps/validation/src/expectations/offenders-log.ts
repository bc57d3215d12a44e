import { datasetStream, didYouMean, offendersStream, RefitError, runStream, streamSubject } from '@refit/contracts';
import { chosenOffenders, datasetDecider, offendersDecider, type KeptOffenders, type OffendersChoice, type OffendersState } from '@refit/data-validation';
import type { EventStore } from '@refit/event-store';
import { runDecider } from '@refit/run';
import { load } from '@refit/saga';
import { bounded, required } from '../schema/request-checks.js';

/** How a request names them: by one of hash, run, dataset and batch; the others are empty. */
export interface OffendersRequest {
  readonly hash: string;
  readonly runId: string;
  readonly dataset: string;
  readonly batch: string;
}

export interface AskedOffenders {
  readonly dataset: string;
  readonly choice: OffendersChoice;
}

/**
 * Which dataset's offenders are asked for, and which of them.
 *
 * @throws RefitError REQUEST_INVALID, RUN_NOT_FOUND, ARTIFACT_NOT_FOUND
 */
export async function askedOffenders(store: EventStore, { hash, runId, dataset, batch }: OffendersRequest): Promise<AskedOffenders> {
  const named = [hash, runId, batch].filter((name) => name !== '');
  if (named.length !== 1) throw new RefitError('REQUEST_INVALID', 'name one of hash, run_id, and batch with its dataset');
  if (batch !== '') return { dataset: required('dataset', dataset), choice: { batch: bounded('batch', batch) } };
  if (hash !== '') return { dataset: await datasetOfHash(store, hash), choice: { hash } };
  return { dataset: await datasetOfRun(store, required('run_id', runId)), choice: { runId } };
}

export interface ChosenOffenders {
  readonly state: OffendersState;
  readonly chosen: readonly KeptOffenders[];
}

/**
 * None where none offended: what they would be of is there.
 *
 * @throws RefitError DATASET_NOT_FOUND, BATCH_NOT_FOUND; ARTIFACT_NOT_FOUND for a run whose data was not judged yet
 */
export async function loadOffenders(store: EventStore, { dataset, choice }: AskedOffenders): Promise<ChosenOffenders> {
  const { state } = await load(store, offendersStream(dataset), offendersDecider);
  const chosen = chosenOffenders(state, choice);
  if (chosen.length === 0 && 'runId' in choice) await requireJudged(store, choice.runId);
  if (chosen.length === 0 && 'batch' in choice) await requireBatch(store, dataset, choice.batch);
  return { state, chosen };
}

async function datasetOfRun(store: EventStore, runId: string): Promise<string> {
  const { state } = await load(store, runStream(runId), runDecider);
  if (state.status === 'none') throw new RefitError('RUN_NOT_FOUND', `there is no run ${runId.slice(0, 70)}; see refit runs`);
  if (state.findings.ingested) return state.findings.ingested.dataset;
  throw new RefitError('ARTIFACT_NOT_FOUND', `run ${runId} has not come to its data: no offending rows were kept`);
}

async function requireJudged(store: EventStore, runId: string): Promise<void> {
  for await (const { type } of store.readStream(runStream(runId))) if (type === 'refit.run.v1.DataValidated' || type === 'refit.run.v1.DataRejected') return;
  throw new RefitError('ARTIFACT_NOT_FOUND', `the data of run ${runId} was not judged: whether rows broke an expectation is not known`);
}

async function requireBatch(store: EventStore, dataset: string, batch: string): Promise<void> {
  const { state: { batches } } = await load(store, datasetStream(dataset), datasetDecider);
  if (batches.size === 0) throw new RefitError('DATASET_NOT_FOUND', `there is no dataset ${dataset.slice(0, 70)} that has a batch`);
  if (!batches.has(batch)) throw new RefitError('BATCH_NOT_FOUND', `dataset ${dataset} has no batch ${batch.slice(0, 200)}.${didYouMean(batch, [...batches.keys()])}`);
}

async function datasetOfHash(store: EventStore, hash: string): Promise<string> {
  for await (const recorded of store.readAll({ filter: { streamPrefixes: [offendersStream('')], types: ['refit.schema.v1.OffendersKept'] } })) {
    if (recorded.data['hash'] === hash) return streamSubject(recorded.stream);
  }
  throw new RefitError('ARTIFACT_NOT_FOUND', `no offending rows were ever kept as ${hash.slice(0, 70)}; refit show RUN names those of a run`);
}
