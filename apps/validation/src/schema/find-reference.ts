import { datasetStream, defaultDataGate, RefitError, runStream, type Snapshot } from '@refit/contracts';
import { datasetDecider, findBatch, judgeData, labelOf, newestVersions, type DatasetStatistics } from '@refit/data-validation';
import { runDecider } from '@refit/run';
import { load } from '@refit/saga';
import type { Runtime } from '@refit/service';

export interface FoundReference {
  readonly snapshot: Snapshot;
  readonly statistics: DatasetStatistics;
  /** name@version; empty: the window of the run. */
  readonly batch: string;
  readonly runId: string;
}

export interface AskedReference {
  readonly dataset: string;
  readonly batch: string;
  readonly runId: string;
}

/**
 * The data that is asked for: the newest version of a batch, the window of a run, or the batch that came last.
 *
 * @throws RefitError BATCH_NOT_FOUND, RUN_NOT_FOUND; DATA_EMPTY for data that no schema can be inferred from; REQUEST_INVALID
 */
export async function findReference(runtime: Pick<Runtime, 'store' | 'artifacts'>, asked: AskedReference): Promise<FoundReference> {
  if (asked.batch !== '' && asked.runId !== '') throw new RefitError('REQUEST_INVALID', 'name a batch or a run, not both');
  const { snapshot, batch, runId } = asked.runId === '' ? await ofBatch(runtime, asked) : await ofRun(runtime, asked);
  const statistics = (await runtime.artifacts.getJson(snapshot.statisticsHash)) as DatasetStatistics; // as ingestion has put it
  const { anomalies, verdict } = judgeData({ batch, statistics, malformedRows: 0, gate: defaultDataGate() });
  if (verdict === 'fail') throw new RefitError('DATA_EMPTY', `${batch === '' ? `the window of run ${runId}` : `batch ${batch}`} cannot be the reference: ${anomalies.map(({ message }) => message).join('; ')}`);
  return { snapshot, statistics, batch, runId };
}

async function ofBatch({ store }: Pick<Runtime, 'store'>, { dataset, batch: name }: AskedReference) {
  const { state } = await load(store, datasetStream(dataset), datasetDecider);
  const newest = newestVersions(state);
  const found = name === '' ? newest.at(-1) : name.includes('@') ? findBatch(state, name) : newest.find(({ ingested }) => ingested.batch?.name === name);
  if (!found?.ingested.snapshot) throw new RefitError('BATCH_NOT_FOUND', name === '' ? `dataset ${dataset} has no batch` : `dataset ${dataset} has no batch ${name.slice(0, 200)}`);
  return { snapshot: found.ingested.snapshot, batch: labelOf(found), runId: found.ingested.runId };
}

async function ofRun({ store }: Pick<Runtime, 'store'>, { dataset, runId }: AskedReference) {
  const { state } = await load(store, runStream(runId), runDecider);
  if (state.status === 'none') throw new RefitError('RUN_NOT_FOUND', `there is no run ${runId.slice(0, 70)}; see refit runs`);
  const { ingested } = state.findings;
  if (!ingested?.window || ingested.dataset !== dataset) throw new RefitError('REQUEST_INVALID', `run ${runId} has no data of dataset ${dataset}`);
  return { snapshot: ingested.window, batch: '', runId };
}
