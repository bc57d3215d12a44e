import { measureExactly, readPooledRows, withDuckDb, type DuckDb } from '@refit/data';
import { classifierQuestion, comparedColumns, type ClassifierOutcome, type Compared, type Subject } from '@refit/data-validation';
import { tellApart } from '@refit/trainers';

/** Typed rows: local Parquet files. */
export interface FilesToCompare {
  readonly reference: string;
  readonly sample: string;
}

export interface CompareOptions {
  /** Ask a classifier to tell the rows of one from those of the other, too. */
  readonly classifier: boolean;
  readonly signal?: AbortSignal;
}

/** The same as for runs: so the numbers are, too. */
const seed = 1;

/** What the rows of two files tell of drift beyond their statistics: exact distances, and whether a classifier can tell them apart. */
export async function compareFiles({ reference, sample }: FilesToCompare, subject: Subject, { classifier, signal }: CompareOptions): Promise<Compared> {
  const { gate, expected } = subject;
  if (!expected || subject.statistics.rows === 0) return {};
  const columns = comparedColumns(expected.reference, expected.reference.columns.map(({ name }) => name).filter((name) => !gate.ignoredColumns.includes(name)));
  return withDuckDb({ files: [reference, sample], ...(signal && { signal }) }, async (db) => {
    const exact = await measureExactly(db, { parquet: reference }, { parquet: sample }, columns);
    const outcome = classifier ? await askClassifier(db, { reference, sample }, subject) : undefined;
    return { exact, ...(outcome && { classifier: outcome }) };
  });
}

async function askClassifier(db: DuckDb, { reference, sample }: FilesToCompare, subject: Subject): Promise<ClassifierOutcome | undefined> {
  const question = classifierQuestion(subject);
  if (!question || 'inconclusive' in question) return question;
  const told = tellApart(await readPooledRows(db, { parquet: reference }, { parquet: sample }, question.columns, question.rows), seed);
  return told ? { toldApart: told, columns: told.columns } : { inconclusive: 'too few rows', tooFewRows: true };
}
