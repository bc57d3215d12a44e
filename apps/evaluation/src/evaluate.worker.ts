import { readFile } from 'node:fs/promises';
import type { SplitMembership } from '@refit/contracts';
import { readColumns } from '@refit/data';
import { decodeModelArtifact } from '@refit/trainers';
import type { Job } from '@refit/workers';
import { evaluateModels, evaluatedColumns } from './evaluate-models.js';
import type { Evaluation, EvaluationSettings, ModelUnderTest } from './evaluation.js';

export interface StoredModel {
  /** Of the artifact: a local file. */
  readonly path: string;
  readonly membership: SplitMembership;
}

export interface EvaluationJob {
  /** Of the snapshot: a local Parquet file, with these columns. */
  readonly snapshotPath: string;
  readonly snapshotColumns: readonly string[];
  readonly challenger: StoredModel;
  readonly champion?: StoredModel;
  readonly settings: EvaluationSettings;
}

/** Reads models and rows, and evaluates: all that would block an event loop. */
const evaluate: Job<EvaluationJob, Evaluation> = async (job, context) => {
  const challenger = await readModel(job.challenger);
  const champion = job.champion && (await readModel(job.champion));
  const models = champion ? [challenger, champion] : [challenger];
  context.progress(0, 'reading the snapshot');
  const columns = evaluatedColumns(job.snapshotColumns, models, job.settings.slices);
  const table = await context.native(() => readColumns(job.snapshotPath, columns, { signal: context.signal }));
  return evaluateModels(table, challenger, champion, job.settings, (fraction, message) => context.progress(fraction, message));
};

const readModel = async ({ path, membership }: StoredModel): Promise<ModelUnderTest> => ({
  artifact: decodeModelArtifact(await readFile(path)), membership,
});

export default evaluate;
