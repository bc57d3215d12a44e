import { RefitError } from '@refit/contracts';

/** What the run's journal says of an error. */
export interface Classified {
  readonly code: string;
  readonly message: string;
  readonly retryable: boolean;
  readonly unclassified: boolean;
}

const transientSystemErrors: ReadonlyMap<string, string> = new Map([
  ['ENOSPC', 'the disk is full: free some space'],
  ['EDQUOT', 'the disk quota is used up: free some space'],
  ['EMFILE', 'too many files are open'],
  ['ENFILE', 'too many files are open'],
  ['EIO', 'the disk reports an error'],
]);

/** RefitErrors say what they are; the system's moments of trouble are retried; all else is unclassified. */
export function classifyError(error: unknown): Classified {
  if (error instanceof RefitError) {
    return { code: error.code, message: bounded(error.message), retryable: error.retryable, unclassified: false };
  }
  const systemCode = error instanceof Error && 'code' in error ? String(error.code) : '';
  const trouble = transientSystemErrors.get(systemCode);
  if (trouble) return { code: systemCode, message: trouble, retryable: true, unclassified: false };
  return { code: 'INTERNAL', message: bounded(error instanceof Error ? error.message : String(error)), retryable: false, unclassified: true };
}

const bounded = (text: string) => (text.length <= 2000 ? text : `${text.slice(0, 2000)}…`);
