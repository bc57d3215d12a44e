import { decodeEvent, offendersStream, RefitError, runStream, streamSubject } from '@refit/contracts';
import { chosenOffenders, offendersDecider, type KeptOffenders, type OffendersChoice, type OffendersState } from '@refit/data-validation';
import type { EventStore } from '@refit/event-store';
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

export async function loadOffenders(store: EventStore, { dataset, choice }: AskedOffenders): Promise<ChosenOffenders> {
  const { state } = await load(store, offendersStream(dataset), offendersDecider);
  return { state, chosen: chosenOffenders(state, choice) };
}

async function datasetOfRun(store: EventStore, runId: string): Promise<string> {
  let isKnown = false;
  for await (const recorded of store.readStream(runStream(runId))) {
    isKnown = true;
    const ingested = recorded.type === 'refit.run.v1.DataIngested' ? decodeEvent(recorded) : undefined;
    if (ingested?.$typeName === 'refit.run.v1.DataIngested') return ingested.dataset;
  }
  if (!isKnown) throw new RefitError('RUN_NOT_FOUND', `there is no run ${runId}; see \`refit runs\``);
  throw new RefitError('ARTIFACT_NOT_FOUND', `run ${runId} has not come to its data: no offending rows were kept`);
}

async function datasetOfHash(store: EventStore, hash: string): Promise<string> {
  for await (const recorded of store.readAll({ filter: { streamPrefixes: [offendersStream('')], types: ['refit.schema.v1.OffendersKept'] } })) {
    if (recorded.data['hash'] === hash) return streamSubject(recorded.stream);
  }
  throw new RefitError('ARTIFACT_NOT_FOUND', `no offending rows were ever kept as ${hash.slice(0, 70)}; refit show RUN names those of a run`);
}
