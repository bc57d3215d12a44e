import { openSync } from 'node:fs';
import { destination, pino, stdTimeFunctions, type Logger } from 'pino';
import { RefitError } from '@refit/contracts';

/** What waits at most while the file cannot be written, in bytes; later lines are dropped. */
const longestQueue = 1024 * 1024;

/**
 * The process's log, in a file. When it cannot be written any more (the disk is full) that is said once on standard
 * error, and what waits is written when there is room again: a log never stops what it tells of.
 *
 * @throws RefitError DATA_DIRECTORY_UNUSABLE
 */
export function fileLogger(file: string): Logger {
  const log = destination({ dest: openLog(file), sync: false, maxLength: longestQueue });
  let told = false;
  // Its own listener, which comes first, passes on everything but a broken pipe, and takes itself away.
  log.on('error', ({ code }: NodeJS.ErrnoException) => {
    if (!told) process.stderr.write(`the log ${file} cannot be written (${code}); Refit goes on without it until it can\n`);
    told = true;
  });
  log.on('drain', () => {
    told = false;
  });
  return pino({ level: process.env['REFIT_LOG_LEVEL'] ?? 'info', base: null, timestamp: stdTimeFunctions.isoTime }, log);
}

function openLog(file: string): number {
  try {
    return openSync(file, 'a');
  } catch (cause) {
    throw new RefitError('DATA_DIRECTORY_UNUSABLE', `the log ${file} cannot be written (${(cause as NodeJS.ErrnoException).code}): make it a file that this user may write, or choose another folder with --data-dir`, { cause });
  }
}
