import { classifierQuestion, type ClassifierOutcome, type Compared, type KnownSchema, type Subject } from '@refit/data-validation';
import type { ToldApartBy } from '@refit/trainers';
import { workerFile } from '@refit/workers';
import type { Validating } from '../validating.js';
import { localPath } from './local-path.js';
import { measuredExactly } from './measured-exactly.js';
import { previousBatch, type NewBatch } from './previous-batch.js';
import type { TellApartJob } from './tell-apart.worker.js';

const worker = workerFile(import.meta.url, './tell-apart.worker.js');

export interface RowsToCompare extends NewBatch {
  readonly known: KnownSchema;
  /** Of the run's batches the newest: the others have been, or will be, compared column by column. */
  readonly isNewest: boolean;
}

/**
 * What the rows of a new batch tell of drift beyond its statistics: exact distances from the reference, where its rows are
 * at hand; how it differs from the batch before, where that is asked; and of the newest batch, whether a classifier can
 * tell it from the reference. Nothing of a window: its batches were asked, and its rows are not read again. Rows that are
 * those of the reference differ from the batch before at most.
 */
export async function compareRows(validating: Validating, asked: RowsToCompare): Promise<Compared> {
  const { known, snapshot, subject, isNewest } = asked;
  if (subject.batch === '' || subject.statistics.rows === 0) return {};
  const previous = await previousBatch(validating, asked);
  if (known.referenceSnapshotHash === snapshot.hash) return previous ? { previous } : {};
  const [reference, sample] = await Promise.all([localPath(validating, known.referenceSnapshotHash), localPath(validating, snapshot.hash)]);
  const classifier = isNewest ? await askClassifier(validating, subject, reference, sample) : undefined;
  const exact = reference === undefined || sample === undefined || !subject.expected ? undefined : await measuredExactly(validating, reference, sample, subject.expected.reference);
  return { ...(exact && { exact }), ...(previous && { previous }), ...(classifier && { classifier }) };
}

const withoutRows: ClassifierOutcome = { inconclusive: 'the rows of the reference are not at hand, only their statistics; refit data schema reference takes another one' };

async function askClassifier({ runtime: { workers }, context: { signal } }: Validating, subject: Subject, reference: string | undefined, sample: string | undefined): Promise<ClassifierOutcome | undefined> {
  const question = classifierQuestion(subject);
  if (!question) return undefined;
  if (reference === undefined || sample === undefined) return withoutRows;
  if ('inconclusive' in question) return question;
  try {
    const told = await workers.run<TellApartJob, ToldApartBy | undefined>(worker, { reference, sample, ...question }, { signal });
    return told ? { toldApart: told, columns: told.columns } : { inconclusive: 'too few rows', tooFewRows: true };
  } catch (error) {
    signal.throwIfAborted();
    return { inconclusive: `the classifier has failed (${error instanceof Error ? error.message : String(error)})` };
  }
}
