import { mostMissingTogether, type MissingTogether } from '../missing-together.js';
import type { DatasetStatistics } from '../statistics.js';

/** Sets of columns that lack values in the same rows, of all partitions: at least so many rows, as each keeps its most frequent sets only. */
export function mergeMissingTogether(parts: readonly DatasetStatistics[]): { readonly missingTogether?: readonly MissingTogether[] } {
  const merged = new Map<string, MissingTogether>();
  for (const { columns, rows } of parts.flatMap((part) => part.missingTogether ?? [])) {
    const key = JSON.stringify(columns);
    merged.set(key, { columns, rows: rows + (merged.get(key)?.rows ?? 0) });
  }
  const sets = [...merged].sort(([a, m], [b, n]) => n.rows - m.rows || (a < b ? -1 : 1)).map(([, set]) => set);
  return sets.length === 0 ? {} : { missingTogether: sets.slice(0, mostMissingTogether) };
}
