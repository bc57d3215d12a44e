import pc from 'picocolors';
import { decodeEvent, streamSubject } from '@refit/contracts';
import type { EventStore, RecordedEvent } from '@refit/event-store';
import { shortId } from '../cli/render/ids.js';
import { NarratedRuns, tookMs } from './narrated-runs.js';
import { sentence, type Mood, type Sentence } from './sentences.js';

const paint: Record<Mood, (text: string) => string> = {
  plain: (text) => text, good: pc.green, bad: pc.red, great: (text) => pc.bold(pc.yellow(text)), quiet: pc.dim,
};

/** Tells what happens in the log from now on, a line at a time, until the signal. */
export async function narrate(store: EventStore, write: (line: string) => void, signal: AbortSignal): Promise<void> {
  const runs = new NarratedRuns(store);
  const filter = { streamPrefixes: ['run-', 'trigger-', 'model-'] };
  for await (const message of store.subscribe({ after: 'end', filter, signal })) {
    if (message.kind !== 'event') continue;
    const event = decodeEvent(message.event);
    if (!event) continue;
    const run = await runs.after(message.event, event);
    const told = sentence(event);
    if (told) lines(message.event, told, seconds(run && tookMs(run, message.event, event)), run?.pipeline).forEach(write);
  }
}

/** Of a run: which, and of which pipeline; of anything else, the pipeline or model that its stream is named after. */
function lines(recorded: RecordedEvent, { label, text, mood, more = [] }: Sentence, duration: string, pipeline = ''): string[] {
  const time = new Date(recorded.recordedAt).toTimeString().slice(0, 8);
  const subject = streamSubject(recorded.stream);
  const [run, whose] = recorded.stream.startsWith('run-') ? [shortId(subject), pipeline] : ['', subject];
  const head = `${pc.dim(time)}  ${pc.cyan(run.padEnd(13))}  ${pc.dim(whose.padEnd(13))}  ${label.padEnd(9)} ${pc.dim(duration.padStart(7))}  `;
  return [head + paint[mood](text), ...more.map((line) => `${' '.repeat(58)}${paint[mood](line)}`)];
}

const seconds = (ms: number | undefined) => (ms === undefined ? '' : `${(ms / 1000).toFixed(1)} s`);
