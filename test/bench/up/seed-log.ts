import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  datasetStream, event, modelStream, parsePipelineFile, PipelineAppliedSchema, pipelineStream, runStream, triggerStream, type DomainEvent,
} from '@refit/contracts';
import type { EventStore } from '@refit/event-store';
import { openSqliteEventStore } from '@refit/event-store/sqlite';
import { toNewEvents } from '@refit/saga';
import { pastRun } from './past-run.ts';

const pipelines = 20;
const example = new URL('../../../examples/flights/', import.meta.url);

/** Fills the event store of a data directory with the past of twenty pipelines, until it holds so many events. */
export async function seedLog(dataDirectory: string, events: number): Promise<void> {
  const store = await openSqliteEventStore({ file: join(dataDirectory, 'events.sqlite') });
  try {
    const share = Math.ceil(events / pipelines);
    await Promise.all(Array.from({ length: pipelines }, (_, i) => seedPipeline(store, `flights-${String(i + 1).padStart(2, '0')}`, share)));
    // The relay's record: the messages of all this went out long ago.
    await store.putRecord('relay', { owner: '', epoch: 1, position: (await store.head()) ?? '' });
  } finally {
    await store.close();
  }
}

async function seedPipeline(store: EventStore, pipeline: string, events: number): Promise<void> {
  const sourceText = readFileSync(new URL('pipeline.yaml', example), 'utf8').replaceAll(/^(name|dataset): .*$/gm, `$1: ${pipeline}`);
  const { spec } = parsePipelineFile(sourceText, { fileName: 'pipeline.yaml', baseDirectory: example.pathname });
  const specHash = 'a'.repeat(64);
  const revisions = new Map<string, number>();
  let written = 0;
  const append = async (stream: string, batch: readonly DomainEvent[], correlationId?: string) => {
    const { revision } = await store.append(stream, toNewEvents(batch, correlationId === undefined ? {} : { correlationId }), revisions.get(stream) ?? 'no-stream');
    revisions.set(stream, revision);
    written += batch.length;
  };
  await append(pipelineStream(pipeline), [event(PipelineAppliedSchema, { version: 1, spec, specHash, sourceText, actor: 'bench' })]);
  for (let version = 1; written < events; version++) {
    const { runId, trigger, run, dataset, model } = pastRun(pipeline, version, specHash);
    await append(triggerStream(pipeline), trigger.slice(0, -1));
    await append(runStream(runId), run.slice(0, 2), runId);
    await append(datasetStream(pipeline), dataset, runId);
    await append(runStream(runId), run.slice(2, -2), runId);
    await append(modelStream(pipeline), model, runId);
    await append(runStream(runId), run.slice(-2), runId);
    await append(triggerStream(pipeline), trigger.slice(-1));
  }
}
