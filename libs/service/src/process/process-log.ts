import { openSync } from 'node:fs';
import { destination, pino, stdSerializers, stdTimeFunctions, type Logger } from 'pino';
import { RefitError } from '@refit/contracts';
import type { LogLevel } from '../runtime.js';
import { sayNowAndThen } from './passing-trouble.js';

/** What waits at most while the log cannot be written, in bytes; later lines are dropped. */
const longestQueue = 1024 * 1024;

export interface ProcessLog {
  readonly logger: Logger;
  /** Writes what waits, for a process that is about to end. */
  readonly flush: () => void;
}

/**
 * The process's log, in a file. When it cannot be written any more (the disk is full) that is said once on standard
 * error, and what waits is written when there is room again: a log never stops what it tells of.
 *
 * @throws RefitError DATA_DIRECTORY_UNUSABLE
 */
export const fileLog = (file: string, level?: LogLevel): ProcessLog => openLog(openFile(file), `the log ${file}`, {}, level);

/** The process's log as lines of JSON on standard output, each with `fields`. */
export const standardLog = (fields: object, level?: LogLevel): ProcessLog => openLog(1, 'the log on standard output', fields, level);

function openLog(dest: number, name: string, fields: object, level: LogLevel = 'info'): ProcessLog {
  const log = destination({ dest, sync: false, maxLength: longestQueue });
  let told = false;
  // Its own listener, which comes first, passes on everything but a broken pipe, and takes itself away.
  log.on('error', ({ code }: NodeJS.ErrnoException) => {
    if (!told) process.stderr.write(`${name} cannot be written (${code}); Refit goes on without it until it can\n`);
    told = true;
  });
  log.on('drain', () => {
    told = false;
  });
  // Its causes beside the error: our messages name them already.
  const serializers = { err: stdSerializers.errWithCause };
  const logger = pino({ level, base: fields, timestamp: stdTimeFunctions.isoTime, serializers, hooks: { logMethod: sayNowAndThen() } }, log);
  return { logger, flush: () => flush(log) };
}

function flush(log: ReturnType<typeof destination>): void {
  try {
    log.flushSync();
  } catch {
    // Nobody reads it any more, or it was not opened yet.
  }
}

function openFile(file: string): number {
  try {
    return openSync(file, 'a');
  } catch (cause) {
    throw new RefitError('DATA_DIRECTORY_UNUSABLE', `the log ${file} cannot be written (${(cause as NodeJS.ErrnoException).code}): make it a file that this user may write, or choose another folder with --data-dir`, { cause });
  }
}
