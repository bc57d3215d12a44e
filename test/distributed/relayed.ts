import { eventTopics } from '../../libs/bus/src/kafka/topics.ts';
import { readTopics } from '../support/kafka/read-topics.ts';
import type { EventStore } from '@refit/event-store';

export interface Relayed {
  /** Streams of which an event is not on the topics, or came before one that it follows. */
  readonly skipped: readonly string[];
  readonly events: number;
  /** Messages that told what had been told before. */
  readonly repeated: number;
}

/** Compares the topics with the log. */
export async function relayed(store: EventStore, brokers: string, prefix: string): Promise<Relayed> {
  const lengths = new Map<string, number>();
  for await (const { stream, revision } of store.readAll()) lengths.set(stream, revision + 1);
  const told = new Map<string, number>();
  const skipped = new Set<string>();
  const messages = await readTopics(brokers, eventTopics.map((topic) => prefix + topic));
  for (const { headers } of messages) {
    const [stream, revision] = [headers.get('ce_subject') ?? '', Number(headers.get('ce_revision'))];
    const next = told.get(stream) ?? 0;
    if (revision > next) skipped.add(stream);
    told.set(stream, Math.max(next, revision + 1));
  }
  for (const [stream, length] of lengths) if (told.get(stream) !== length) skipped.add(stream);
  const events = [...lengths.values()].reduce((sum, length) => sum + length, 0);
  return { skipped: [...skipped], events, repeated: messages.length - events };
}
