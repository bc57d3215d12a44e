import { shortTypeName, type Event } from '@refit/contracts';
import type { Style } from '../terminal.js';
import { eventText } from './event-text.js';
import { readEvent } from './run-timeline.js';
import { clock, msOf } from './times.js';

/** One event of the log as a line: where it stands, when, what, and what it says. */
export function renderEvent(event: Event, { style, columns }: { style: Style; columns: number }): string {
  const where = `${event.stream}@${event.revision}`;
  const head = `${style.dim(event.position.padStart(7))}  ${style.dim(clock(msOf(event.recordedAt) ?? 0))}  ${style.bold(shortTypeName(event.type).padEnd(18))} ${style.cyan(where)}`;
  const message = readEvent(event);
  const told = message && eventText(message);
  return `${head}  ${told ?? style.dim(shortened(JSON.stringify(event.data ?? {}), columns))}`;
}

const shortened = (text: string, columns: number) => (text.length > columns ? `${text.slice(0, columns - 1)}…` : text);
