import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DataFormat, isRefitError } from '@refit/contracts';
import { freezeFile, inspectDataFile } from '@refit/data';
import { decideIngestion, isFrozen, isNews, isTakenIn, newestVersions, standingOf, type DatasetStatistics } from '@refit/data-validation';
import { announcedDeliveries, foundDeliveries, type FileDelivery } from './deliveries.js';
import { fileHash } from './file-hash.js';
import { maximumNewBatches, type Ingesting } from './ingesting.js';

/**
 * Freezes what was announced with the run, then what lies where the pipeline looks, and records each as a batch.
 *
 * @throws RefitError DATA_FILE_NOT_FOUND, DATA_FILE_EMPTY, DATA_FILE_UNREADABLE, PATH_NOT_ALLOWED
 */
export async function takeInDeliveries(ingesting: Ingesting): Promise<void> {
  for (const delivery of announcedDeliveries(ingesting)) await takeIn(ingesting, delivery);
  for (const delivery of await foundDeliveries(ingesting)) {
    if (pendingBatches(ingesting) >= maximumNewBatches) {
      ingesting.runtime.logger.warn({ runId: ingesting.context.runId }, `more than ${maximumNewBatches} new batches: the rest waits for the next run`);
      return;
    }
    await takeIn(ingesting, delivery);
  }
}

const pendingBatches = ({ dataset, context }: Ingesting) =>
  newestVersions(dataset.state).filter((batch) => standingOf(batch, context.spec.name) === 'pending').length;

async function takeIn({ runtime, context, source, dataset, scratch }: Ingesting, { batch, announced }: FileDelivery): Promise<void> {
  const { signal, runId, spec } = context;
  signal.throwIfAborted();
  if (isTakenIn(dataset.state, batch, runId)) return;
  const declared = batch.format === DataFormat.UNSPECIFIED ? source.format : batch.format;
  const file = await inspectDataFile(batch.uri, declared, runtime.config.allowedRoots).catch((error: unknown) => {
    if (isRefitError(error, 'DATA_FILE_NOT_FOUND') && isFrozen(dataset.state, batch)) return undefined;
    throw error;
  });
  if (!file) return;
  const delivery = { batch, announced, sourceHash: await fileHash(file.path, signal), pipeline: spec.name, runId };
  if (!isNews(dataset.state, delivery)) return;
  context.progress(0.1, `freezing batch ${batch.name}`);
  const folder = join(scratch, 'batch');
  await mkdir(folder);
  const { snapshot, statistics, malformedRows, malformedLines } = await freezeFile(file, { artifacts: runtime.artifacts, scratch: folder, signal });
  await rm(folder, { recursive: true });
  const time = timeRange(statistics, source.timeColumn);
  await dataset.decide((state) => decideIngestion(state, { ...delivery, snapshot, malformedRows, malformedLines, ...(time && { time }) }));
}

function timeRange({ columns }: DatasetStatistics, timeColumn: string) {
  const column = columns.find(({ name, type }) => name === timeColumn && type === 'timestamp');
  return column?.numeric && { from: column.numeric.minimum, until: column.numeric.maximum };
}
