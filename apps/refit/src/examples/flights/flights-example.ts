import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { EventStore } from '@refit/event-store';
import { countStory } from './count-story.js';
import { deliverWeeks, type Remark } from './deliver.js';
import { deliveries } from './deliveries.js';
import { prepareWeeks } from './prepare-weeks.js';

export const pipelineName = 'flights-delay';
const pipelineFile = fileURLToPath(new URL('../../../../../examples/flights/pipeline.yaml', import.meta.url));

/** A running Refit, in one process or in several, that an example is played on. */
export interface Stage {
  /** Read to see how far the story is. */
  readonly store: EventStore;
  readonly dataDirectory: string;
  /** Base URL of the trigger. */
  readonly http: string;
  /** host:port of the admin service. */
  readonly grpc: string;
  /** Of an operator, where operators are named. */
  readonly token?: string | undefined;
}

/** Six months of flights arrive week by week, in fast motion, at a pipeline that predicts delays. */
export async function playFlights({ store, dataDirectory, http, token }: Stage, applyPipeline: ApplyPipeline, remark: Remark, signal: AbortSignal): Promise<void> {
  const folder = join(dataDirectory, 'examples', 'flights');
  remark('3,000,000 real US flights of 2001 arrive week by week; which of them will be more than 15 minutes late?');
  await prepareWeeks(folder);
  await applyPipeline(pipelineFile, readFileSync(pipelineFile, 'utf8'), dirname(pipelineFile));
  const made = await deliverWeeks({ store, pipeline: pipelineName, folder, eventsUrl: `${http}/events`, token, remark, signal });
  await sleep(250); // what the log still has to tell comes first
  remark(made === 0 ? `all ${deliveries.length} deliveries were made before; nothing is left to play` : await summary(store));
}

export type ApplyPipeline = (fileName: string, text: string, baseDirectory: string) => Promise<void>;

async function summary(store: EventStore): Promise<string> {
  const { runs, registered, champions } = await countStory(store, pipelineName);
  return `the story is told: ${runs} runs, ${registered} models registered, ${champions} champions`;
}
