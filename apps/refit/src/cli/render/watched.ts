import { shortTypeName, type WatchRunsResponse } from '@refit/contracts';
import { sentence } from '../../story/sentences.js';
import type { Style } from '../terminal.js';
import { shortId } from './ids.js';
import { readEvent } from './run-timeline.js';
import { clock, msOf } from './times.js';

const paints = { plain: (_: Style, text: string) => text, good: (s: Style, text: string) => s.green(text), bad: (s: Style, text: string) => s.red(text), great: (s: Style, text: string) => s.bold(s.yellow(text)), quiet: (s: Style, text: string) => s.dim(text) };

/** What happened to a run, as a line; undefined for what says nothing to a person. */
export function renderWatched({ run, event }: WatchRunsResponse, style: Style): string | undefined {
  if (!event) return undefined;
  const message = readEvent(event);
  const head = `${style.dim(clock(msOf(event.recordedAt) ?? 0))}  ${style.bold(shortId(run?.runId ?? event.stream))}  ${run?.pipeline ?? ''}  `;
  if (!message) return head + style.dim(shortTypeName(event.type));
  if (message.$typeName === 'refit.run.v1.RunRequested') return `${head}requested: ${message.reason?.summary ?? ''}`;
  const told = sentence(message);
  return told && `${head}${told.label && `${told.label}: `}${paints[told.mood](style, told.text)}`;
}
