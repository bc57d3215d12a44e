import pc from 'picocolors';
import { decodeEvent, streamSubject, type DomainEvent } from '@refit/contracts';
import type { EventStore, RecordedEvent } from '@refit/event-store';
import { stepOfOutcome } from '@refit/run';
import { shortId } from '../cli/render/ids.js';
import { sentence, type Mood, type Sentence } from './sentences.js';

const paint: Record<Mood, (text: string) => string> = {
  plain: (text) => text, good: pc.green, bad: pc.red, great: (text) => pc.bold(pc.yellow(text)), quiet: pc.dim,
};

/** Tells what happens in the log from now on, a line at a time, until the signal. */
export async function narrate(store: EventStore, write: (line: string) => void, signal: AbortSignal): Promise<void> {
  const clock = new StepClock();
  const pipelines = new Map<string, string>();
  const filter = { streamPrefixes: ['run-', 'trigger-', 'model-'] };
  for await (const message of store.subscribe({ after: 'end', filter, signal })) {
    if (message.kind !== 'event') continue;
    const event = decodeEvent(message.event);
    if (!event) continue;
    const duration = clock.tell(message.event, event);
    if (event.$typeName === 'refit.run.v1.RunRequested') pipelines.set(message.event.stream, event.pipeline);
    const told = sentence(event);
    if (told) lines(message.event, told, duration, pipelines.get(message.event.stream)).forEach(write);
    if (endsRun(event)) pipelines.delete(message.event.stream);
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

/** How long steps and runs took, from the events' own times. */
class StepClock {
  readonly #claimed = new Map<string, number>();
  readonly #requested = new Map<string, number>();

  tell({ stream, recordedAt }: RecordedEvent, event: DomainEvent): string {
    if (event.$typeName === 'refit.run.v1.RunRequested') this.#requested.set(stream, recordedAt);
    if (event.$typeName === 'refit.run.v1.StepClaimed') this.#claimed.set(stream, recordedAt);
    if (stepOfOutcome(event.$typeName) !== undefined) return since(this.#claimed.get(stream), recordedAt);
    if (!endsRun(event)) return '';
    const took = since(this.#requested.get(stream), recordedAt);
    this.#claimed.delete(stream);
    this.#requested.delete(stream);
    return took;
  }
}

const endsRun = ({ $typeName }: DomainEvent) => /\.Run(Completed|Failed|Cancelled)$/.test($typeName);

const since = (start: number | undefined, end: number) => (start === undefined ? '' : `${((end - start) / 1000).toFixed(1)} s`);
