import { RefitError, type Expectation, type Snapshot } from '@refit/contracts';
import type { Overlap, OverlapTask } from '@refit/data';
import { workerFile } from '@refit/workers';
import type { Validating } from '../validating.js';

const worker = workerFile(import.meta.url, './overlap.worker.js');

/** What the rows that will test the model have in common with those that it learns from. */
export async function overlapsIn({ runtime: { workers }, context: { spec, signal } }: Validating, expectations: readonly Expectation[], snapshot: Snapshot, path: string): Promise<readonly Overlap[]> {
  const overlaps = expectations.flatMap(({ name, expected }) => (expected.case === 'disjoint' ? [{ name, parts: { columns: expected.value.columns, timeUnit: expected.value.timeUnit } }] : []));
  if (overlaps.length === 0) return [];
  const { label, features, split } = spec;
  if (!label || !features || !split) throw new RefitError('INTERNAL', `pipeline ${spec.name} does not say how rows are split: label, features and split are needed`);
  const task: OverlapTask = { path, columns: snapshot.columns.map(({ name }) => name), overlaps, label, features, split };
  return workers.run<OverlapTask, readonly Overlap[]>(worker, task, { signal });
}
