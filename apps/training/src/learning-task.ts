import { RefitError, type Features, type Label, type PipelineSpec, type Snapshot, type Split, type Trainer } from '@refit/contracts';
import type { StepContext } from '@refit/saga';
import { learningColumns } from '@refit/transforms';

/** What is to be learnt from which rows: all that decides the fitted transforms and the model. */
export interface LearningTask {
  /** Of the snapshot: a local Parquet file. */
  readonly snapshotPath: string;
  /** Columns to read: all that the pipeline does not exclude, the label's and the split's. */
  readonly columns: readonly string[];
  readonly label: Label;
  readonly features: Features;
  readonly split: Split;
  readonly trainer: Trainer;
}

/** @throws RefitError INTERNAL when the pipeline or the run lacks what this step builds on */
export function learningTask(spec: PipelineSpec, window: Snapshot, snapshotPath: string): LearningTask {
  const { label, features, split, trainer } = spec;
  if (!label || !features || !split || !trainer) {
    throw new RefitError('INTERNAL', `pipeline ${spec.name} does not say how to learn: label, features, split and trainer are needed`);
  }
  const columns = learningColumns(window.columns.map(({ name }) => name), { label, features, split });
  return { snapshotPath, columns, label, features, split, trainer };
}

/** The window that the run works on. */
export function windowOf({ run, runId }: StepContext): Snapshot {
  const window = run.status === 'working' ? run.findings.ingested?.window : undefined;
  if (!window) throw new RefitError('INTERNAL', `run ${runId} came to training without a snapshot`);
  return window;
}
