import { InvalidArgumentError, Option, type Command } from 'commander';
import { durationUnits, readDuration } from './durations.js';
import type { Terminal } from './terminal.js';

/** Of lists that are asked for by time. */
export interface MomentOptions {
  readonly since?: Date;
  readonly until?: Date;
}

/** Adds `--since` and `--until`; `of` says what happened then: `that were requested`. */
export const withMoments = (command: Command, of: string, clock: Clock): Command =>
  command.addOption(momentOption('--since <when>', `only those ${of} since then: 30m, 2h, 3d (that long ago), 2026-01-31, 2026-01-31T12:00Z`, clock)).addOption(momentOption('--until <when>', `only those ${of} before then`, clock));

type Clock = Pick<Terminal, 'now'>;

const momentOption = (flags: string, description: string, clock: Clock) =>
  new Option(flags, description).argParser((text) => {
    const moment = readMoment(text, clock.now());
    if (moment) return moment;
    throw new InvalidArgumentError(`Expected how long ago, such as 30m, 2h or 3d (units: ${durationUnits}), or a date, such as 2026-01-31, 2026-01-31T12:00 or 2026-01-31T12:00Z.`);
  });

/** `2h`: that long ago. `2026-01-31`, `2026-01-31T12:00`: then, by the clock of this machine; with `Z` or an offset by that one. */
export function readMoment(text: string, now: number): Date | undefined {
  const ago = readDuration(text);
  if (ago !== undefined) return within(new Date(now - ago));
  const date = /^(\d{4}-\d{2}-(\d{2}))([T ]\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})?)?$/i.exec(text);
  if (!date) return undefined;
  const moment = within(new Date(date[3] === undefined ? `${text}T00:00` : text));
  // The 31st of February would otherwise be a day in March.
  const exists = new Date(`${date[1]}T00:00`).getDate() === Number(date[2]);
  return exists ? moment : undefined;
}

/** Undefined for a time that no calendar has, or that lies before 1970. */
const within = (moment: Date) => (moment.getTime() >= 0 ? moment : undefined);
