import { decodeEvent, type DomainEvent } from '@refit/contracts';
import type { EventStore, RecordedEvent } from '@refit/event-store';
import { stepOfOutcome } from '@refit/run';

/** What the lines of a run say besides its events. Times are milliseconds since 1970. */
export interface NarratedRun {
  readonly pipeline: string;
  readonly requestedAt: number;
  /** The last claim of a step. */
  readonly claimedAt?: number;
}

/** The open runs, also those that began before anybody listened. */
export class NarratedRuns {
  readonly #runs = new Map<string, NarratedRun>();

  constructor(private readonly store: Pick<EventStore, 'readStream'>) {}

  /** The run that an event belongs to, with the event; undefined of other streams, and of a run that nobody requested. */
  async after(recorded: RecordedEvent, event: DomainEvent): Promise<NarratedRun | undefined> {
    const { stream } = recorded;
    if (!stream.startsWith('run-')) return undefined;
    const run = evolve(this.#runs.get(stream) ?? (await this.#before(recorded)), recorded, event);
    if (run === undefined || endsRun(event)) this.#runs.delete(stream);
    else this.#runs.set(stream, run);
    return run;
  }

  async #before({ stream, revision }: RecordedEvent): Promise<NarratedRun | undefined> {
    let run: NarratedRun | undefined;
    if (revision === 0) return undefined;
    for await (const recorded of this.store.readStream(stream, { limit: revision })) {
      const event = decodeEvent(recorded);
      if (event) run = evolve(run, recorded, event);
    }
    return run;
  }
}

function evolve(run: NarratedRun | undefined, { recordedAt }: RecordedEvent, event: DomainEvent): NarratedRun | undefined {
  if (event.$typeName === 'refit.run.v1.RunRequested') return { pipeline: event.pipeline, requestedAt: recordedAt };
  if (event.$typeName === 'refit.run.v1.StepClaimed' && run) return { ...run, claimedAt: recordedAt };
  return run;
}

/** Milliseconds that a step took, where the event is its outcome, or the whole run, where the event ends it. */
export function tookMs({ requestedAt, claimedAt }: NarratedRun, { recordedAt }: RecordedEvent, event: DomainEvent): number | undefined {
  if (endsRun(event)) return recordedAt - requestedAt;
  return stepOfOutcome(event.$typeName) !== undefined && claimedAt !== undefined ? recordedAt - claimedAt : undefined;
}

const endsRun = ({ $typeName }: DomainEvent) => /\.Run(Completed|Failed|Cancelled)$/.test($typeName);
