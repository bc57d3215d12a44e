import type { ArtifactStore } from '@refit/artifacts';
import { mergeStatistics, type PartitionStatistics } from '@refit/data-validation';
import type { WindowBatch } from './window-columns.js';

/** The statistics of so many rows that are whole batches, from theirs; undefined where a batch is there in part only, or they cannot be merged. */
export async function mergedBatches(artifacts: ArtifactStore, batches: readonly WindowBatch[], rows: number): Promise<PartitionStatistics | undefined> {
  const parts = batches.flatMap(({ part }) => part ?? []);
  if (parts.length < batches.length || parts.reduce((total, part) => total + part.rows, 0) !== rows) return undefined;
  const statistics = await Promise.all(parts.map(async ({ statisticsHash }) => (await artifacts.getJson(statisticsHash)) as PartitionStatistics)); // as `freezeFile` has put it
  const [only] = statistics;
  if (only && statistics.length === 1) return only;
  const merged = mergeStatistics(statistics);
  return merged && { ...merged, parts };
}
