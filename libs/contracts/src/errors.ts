/**
 * What kind of trouble an error is. It decides what happens next everywhere: gRPC and HTTP status,
 * exit code, and whether a step is tried again.
 *
 * - `unauthenticated`: nobody known asks
 * - `invalid`: the request or file is wrong; the same again fails again
 * - `not-found`, `conflict` (something else changed or exists), `denied` (a limit of this installation)
 * - `data`: the data or model cannot be worked with; a run stops
 * - `unavailable`: a moment's trouble; trying again may help
 * - `internal`: a fault of Refit
 */
export type ErrorCategory = 'unauthenticated' | 'invalid' | 'not-found' | 'conflict' | 'denied' | 'data' | 'unavailable' | 'internal';

/** Every stable code and its category. Codes are never renamed or reused. */
export const errorCodes = {
  UNAUTHENTICATED: 'unauthenticated',
  USAGE_INVALID: 'invalid',
  REQUEST_INVALID: 'invalid',
  PIPELINE_FILE_INVALID: 'invalid',
  CONFIG_INVALID: 'invalid',
  CLOUD_EVENT_INVALID: 'invalid',
  EVENT_TOO_LARGE: 'invalid',
  STREAM_NAME_INVALID: 'invalid',
  PIPELINE_NOT_FOUND: 'not-found',
  DATASET_NOT_FOUND: 'not-found',
  RUN_NOT_FOUND: 'not-found',
  MODEL_NOT_FOUND: 'not-found',
  MODEL_VERSION_NOT_FOUND: 'not-found',
  DEAD_LETTER_NOT_FOUND: 'not-found',
  BACKFILL_NOT_FOUND: 'not-found',
  SCHEMA_NOT_FOUND: 'not-found',
  PROPOSAL_NOT_FOUND: 'not-found',
  BATCH_NOT_FOUND: 'not-found',
  ARTIFACT_NOT_FOUND: 'not-found',
  PROFILE_NOT_FOUND: 'not-found',
  REVISION_CONFLICT: 'conflict',
  RUN_NOT_OPEN: 'conflict',
  RUN_NOT_FAILED: 'conflict',
  RUN_NOT_RETRYABLE: 'conflict',
  LEASE_LOST: 'conflict',
  ALIAS_UNCHANGED: 'conflict',
  DEAD_LETTER_SETTLED: 'conflict',
  BACKFILL_ENDED: 'conflict',
  PROPOSAL_DECIDED: 'conflict',
  PATH_NOT_ALLOWED: 'denied',
  ADDRESS_NOT_ALLOWED: 'denied',
  GATE_NOT_PASSED: 'denied',
  STORE_ACCESS_DENIED: 'denied',
  DATA_FILE_NOT_FOUND: 'data',
  DATA_FILE_EMPTY: 'data',
  DATA_FILE_UNREADABLE: 'data',
  DATA_EMPTY: 'data',
  LABEL_MISSING: 'data',
  LABEL_UNUSABLE: 'data',
  FEATURES_MISSING: 'data',
  SPLIT_IMPOSSIBLE: 'data',
  TIME_COLUMN_UNUSABLE: 'data',
  TRAINING_FAILED: 'data',
  RUN_CONTENDED: 'data',
  STEP_TIMEOUT: 'unavailable',
  STORE_UNAVAILABLE: 'unavailable',
  BUS_UNAVAILABLE: 'unavailable',
  SERVER_UNREACHABLE: 'unavailable',
  DISK_FULL: 'unavailable',
  WORKER_LOST: 'unavailable',
  STORE_CORRUPT: 'internal',
  ARTIFACT_CORRUPT: 'internal',
  DATA_DIRECTORY_UNUSABLE: 'internal',
  PORT_TAKEN: 'internal',
  EVENT_UNREADABLE: 'internal',
  INTERNAL: 'internal',
} as const satisfies Record<string, ErrorCategory>;

export type ErrorCode = keyof typeof errorCodes;

/** Where in a text something is wrong; line and column count from 1. */
export interface Place {
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
}

export interface ErrorDetail extends Place {
  readonly message: string;
}

/**
 * The one error of Refit: a stable code, and a message that says what was wrong, where, and what to do.
 * `details` lists the single faults where there are several (a pipeline file's, say).
 */
export class RefitError extends Error {
  override readonly name = 'RefitError';
  readonly code: ErrorCode;
  readonly details: readonly ErrorDetail[];

  constructor(code: ErrorCode, message: string, options: { details?: readonly ErrorDetail[]; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.details = options.details ?? [];
  }

  get category(): ErrorCategory {
    return errorCodes[this.code];
  }

  get retryable(): boolean {
    return this.category === 'unavailable';
  }
}

export const isRefitError = (error: unknown, code?: ErrorCode): error is RefitError =>
  error instanceof RefitError && (code === undefined || error.code === code);
