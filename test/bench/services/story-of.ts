import { decodeEvent, Verdict } from '@refit/contracts';
import type { EventStore } from '@refit/event-store';
import { historyOf, type History } from '../../support/history.ts';

/** What a story came to, without ids and times: what was asked for and answered, every hash and number, and each run's way. */
export interface Story extends History {
  /** Each reason with its verdict. */
  readonly answers: readonly string[];
  /** The hashes of the batches as delivered and as taken in. */
  readonly batches: readonly string[];
  /** Every move of an alias. */
  readonly aliases: readonly string[];
  /** Per run, the types of its events but for claims, which tell of processes. */
  readonly ways: readonly string[];
}

/** Reads a story off the log. */
export async function storyOf(store: EventStore): Promise<Story> {
  const answers: string[] = [];
  const batches: string[] = [];
  const aliases: string[] = [];
  const ways = new Map<string, string[]>();
  for await (const recorded of store.readAll()) {
    if (recorded.stream.startsWith('run-') && !/\.Step(Claimed|Failed|Retried)$/.test(recorded.type)) ways.set(recorded.stream, [...(ways.get(recorded.stream) ?? []), recorded.type]);
    const event = decodeEvent(recorded);
    if (event?.$typeName === 'refit.trigger.v1.ReasonJudged') answers.push(`${event.reason?.id}: ${Verdict[event.verdict]}`);
    if (event?.$typeName === 'refit.dataset.v1.BatchIngested') batches.push(`${event.batch?.name} ${event.version}: ${event.sourceHash} ${event.snapshot?.hash}`);
    if (event?.$typeName === 'refit.model.v1.AliasMoved') aliases.push(`${event.alias}: ${event.fromVersion} → ${event.toVersion}`);
  }
  return { ...(await historyOf(store)), answers, batches, aliases, ways: [...ways.values()].map((types) => types.join(' ')) };
}
