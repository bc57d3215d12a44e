import { ErrorType, isCommandError, type CommandError } from '@kurrent/kurrentdb-client';
import { isRefitError, RefitError, type ErrorCode } from '@refit/contracts';

/** What the client throws, when it is an error of the database. */
export const commandError = (error: unknown): CommandError | undefined => (error instanceof Error && isCommandError(error) ? error : undefined);

export const isCommandErrorOf = (error: unknown, ...types: readonly ErrorType[]): boolean => {
  const type = commandError(error)?.type;
  return type !== undefined && types.includes(type);
};

/**
 * The error of Refit that says the same. What the client does not know is taken for a moment's trouble: a server that
 * is not ready yet or too busy is reported that way, and every call may be made again.
 */
export function storeError(error: unknown, shown: string): Error {
  if (!(error instanceof Error)) return new Error(String(error));
  if (isRefitError(error) || error instanceof TypeError || error instanceof RangeError) return error;
  const type = commandError(error)?.type;
  const [code, message] = (type !== undefined && explanations[type]) || unavailable;
  return new RefitError(code, message(shown, error.message), { cause: error });
}

export const closedError = (shown: string) => new RefitError('STORE_UNAVAILABLE', `The connection to KurrentDB at ${shown} was closed in this process.`);

export const silentError = (shown: string, afterMs: number) =>
  new RefitError('STORE_UNAVAILABLE', `KurrentDB at ${shown} has not answered for ${Math.round(afterMs / 1000)} s. Check the server and the network between.`);

/** Trying again may help. */
export const isPassing = (error: unknown): boolean => isRefitError(error, 'STORE_UNAVAILABLE');

type Explanation = readonly [ErrorCode, (shown: string, reason: string) => string];

const unavailable: Explanation = [
  'STORE_UNAVAILABLE',
  (shown, reason) => `KurrentDB at ${shown} is not to be had (${reason}). Check that the server runs, that the address is right and, with TLS, that its certificate is signed by the authority of the certificate file.`,
];

const denied: Explanation = [
  'STORE_ACCESS_DENIED',
  (shown) => `KurrentDB at ${shown} refuses this user. Check user name and password, and that the user may read $all, and read and write streams and their metadata.`,
];

const deleted: Explanation = [
  'STORE_CORRUPT',
  (shown, reason) => `A stream in KurrentDB at ${shown} was deleted for good, and with it history that Refit builds on (${reason}). Restore a backup.`,
];

const tooLarge: Explanation = ['EVENT_TOO_LARGE', (shown, reason) => `KurrentDB at ${shown} refuses an append for its size (${reason}). Append less at once.`];

const explanations: Partial<Record<ErrorType, Explanation>> = {
  [ErrorType.ACCESS_DENIED]: denied,
  [ErrorType.STREAM_DELETED]: deleted,
  [ErrorType.STREAM_TOMBSTONED]: deleted,
  [ErrorType.MAXIMUM_APPEND_SIZE_EXCEEDED]: tooLarge,
  [ErrorType.APPEND_RECORD_SIZE_EXCEEDED]: tooLarge,
  [ErrorType.TRANSACTION_MAX_SIZE_EXCEEDED]: tooLarge,
};
