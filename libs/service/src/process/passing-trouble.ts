import { isRefitError } from '@refit/contracts';
import type { Logger, LoggerOptions } from 'pino';

/** So often the same trouble is said again while it lasts. */
const everyMs = 30_000;

type LogHook = NonNullable<NonNullable<LoggerOptions['hooks']>['logMethod']>;

/**
 * For a log: a line about a moment's trouble (an unreachable store, a full disk), which many meet and try again at once,
 * is said the first time and then now and then, with how often it went unsaid. Everything else is said always.
 *
 * @param now milliseconds of a clock that is never set
 */
export function sayNowAndThen(now: () => number = () => performance.now()): LogHook {
  const lines = new Map<string, { saidAt: number; unsaid: number }>();
  return function sayOrCount(this: Logger, [fields, ...rest], method) {
    const trouble = passingTrouble(fields);
    if (trouble === undefined) return method.apply(this, [fields, ...rest]);
    const key = `${trouble} ${String(rest[0])}`;
    const line = lines.get(key) ?? { saidAt: Number.NEGATIVE_INFINITY, unsaid: 0 };
    lines.set(key, line);
    if (now() - line.saidAt < everyMs) {
      line.unsaid++;
      return;
    }
    method.apply(this, [{ ...(fields as object), ...(line.unsaid > 0 && { unsaid: line.unsaid }) }, ...rest]);
    line.saidAt = now();
    line.unsaid = 0;
  };
}

/** What kind of passing trouble a line tells of; of SQLite's own errors as well, which files of read models meet. */
function passingTrouble(fields: unknown): string | undefined {
  if (typeof fields !== 'object' || fields === null || !('err' in fields)) return undefined;
  const { err } = fields;
  if (isRefitError(err)) return err.retryable ? err.code : undefined;
  return err instanceof Error && 'errcode' in err ? `SQLite ${String(err.errcode)}` : undefined;
}
