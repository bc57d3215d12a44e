import type { ErrorCode, ErrorDetail } from '@refit/contracts';
import type { MessagePort } from 'node:worker_threads';

/** What a thread is handed: the job's file, its input, and where to report. */
export interface JobRequest {
  readonly file: string;
  readonly input: unknown;
  readonly port: MessagePort;
  /** Of the job's ThreadGuard. */
  readonly guard: SharedArrayBuffer;
}

/** What a thread reports while it works. */
export type JobReport =
  | { readonly kind: 'started'; readonly threadId: number }
  | { readonly kind: 'progress'; readonly fraction: number; readonly message: string };

/** What a thread is told while it works: end the job. */
export interface JobOrder {
  readonly kind: 'stop';
}

/** How a job ended. Errors are spelled out, because structured cloning would drop their class and code. */
export type JobReply =
  | { readonly kind: 'done'; readonly output: unknown }
  | { readonly kind: 'refused'; readonly code: ErrorCode; readonly message: string; readonly details: readonly ErrorDetail[] }
  | { readonly kind: 'threw'; readonly name: string; readonly message: string; readonly stack: string | undefined };
