import { AliasMovedSchema, decodeEvent, ModelRegisteredSchema, modelStream, RunRequestedSchema, runStream } from '@refit/contracts';
import type { EventStore } from '@refit/event-store';

export interface StoryCounts {
  readonly runs: number;
  readonly registered: number;
  readonly champions: number;
}

/** What came of one pipeline, whose model has its name, whatever else there is in the log. */
export async function countStory(store: Pick<EventStore, 'readAll'>, pipeline: string): Promise<StoryCounts> {
  const counted = { runs: 0, registered: 0, champions: 0 };
  const types = [RunRequestedSchema, ModelRegisteredSchema, AliasMovedSchema].map(({ typeName }) => typeName);
  for await (const recorded of store.readAll({ filter: { streamPrefixes: [runStream(''), modelStream(pipeline)], types } })) {
    const event = decodeEvent(recorded);
    if (event?.$typeName === 'refit.run.v1.RunRequested' && event.pipeline === pipeline) counted.runs++;
    if (event?.$typeName === 'refit.run.v1.ModelRegistered' && event.model === pipeline) counted.registered++;
    if (event?.$typeName === 'refit.model.v1.AliasMoved' && recorded.stream === modelStream(pipeline)) counted.champions++;
  }
  return counted;
}
