import type { Snapshot } from '@refit/contracts';
import { allowedRanges, mergeStatistics, type DatasetStatistics, type KnownSchema, type PartitionStatistics } from '@refit/data-validation';
import type { Validating } from './validating.js';

/** A snapshot whose statistics were counted on the reference's bins. */
export interface CountedSnapshot {
  readonly snapshotHash: string;
  readonly statistics: DatasetStatistics;
}

/**
 * The statistics of a window on the reference's bins, merged from those of its batches: of the new ones, which were counted
 * over these bins just now, exactly; of older ones within the error that their summaries state. A
 * window of one new batch is that batch. Undefined for a window that
 * was not merged, or cannot be.
 *
 * @param counted the new batches
 */
export async function mergedWindowStatistics(
  { runtime: { artifacts }, gate }: Validating, window: Snapshot, { schema, referenceStatisticsHash: against }: KnownSchema, reference: DatasetStatistics, counted: readonly CountedSnapshot[],
): Promise<DatasetStatistics | undefined> {
  const same = counted.find(({ snapshotHash }) => snapshotHash === window.hash);
  if (same) return same.statistics;
  const stored = async (hash: string) => (await artifacts.getJson(hash)) as PartitionStatistics; // as ingestion has put it
  const { parts } = await stored(window.statisticsHash);
  if (!parts) return undefined;
  const statistics: PartitionStatistics[] = [];
  for (const { snapshotHash, statisticsHash } of parts) {
    const own = await stored(statisticsHash);
    const now = counted.find((candidate) => candidate.snapshotHash === snapshotHash)?.statistics;
    if (now) statistics.push({ ...own, ...now, against });
    // The reference's own bins are these.
    else statistics.push(statisticsHash === against ? { ...own, columns: own.columns.map(withOwnTop), against } : own);
  }
  return mergeStatistics(statistics, { reference, against, ranges: allowedRanges(schema, gate) });
}

const withOwnTop = (column: DatasetStatistics['columns'][number]) => ({ ...column, ...(column.top && { ofReferenceTop: column.top.map(({ count }) => count) }) });
