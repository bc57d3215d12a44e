import { v7 as uuid } from 'uuid';
import { DataIngestedSchema, event, runStream, StepClaimedSchema } from '@refit/contracts';
import { allSteps, runDecider } from '@refit/run';
import { load, toNewEvents } from '@refit/saga';
import type { Figure } from '../bench.ts';
import { median } from '../quantiles.ts';
import type { HandOff } from './hand-off-system.ts';
import { appendsPerRun } from './runs-of-nothing.ts';

const rounds = 100;

/** What the parts of one run cost by themselves, on the same store and bus: p50 in milliseconds. */
export async function whereTimeGoes(system: HandOff): Promise<Figure[]> {
  const { store, bus } = system;
  const appends = await times(() => appendAlone());
  const hop = await hopTime();
  const runId = await system.run();
  const loads = await times(async () => {
    for (let i = 0; i < 2 * allSteps.length; i++) await load(store, runStream(runId), runDecider);
  });
  const oneAppend = median(appends) / appendsPerRun;
  return [
    { name: `of it: ${appendsPerRun} appends to the store`, value: median(appends), unit: 'ms' },
    { name: `of it: ${allSteps.length} hops, append → relay → bus → handler`, value: allSteps.length * Math.max(0, hop - oneAppend), unit: 'ms' },
    { name: `of it: ${allSteps.length} loads and folds of the stream`, value: median(loads) / 2, unit: 'ms' },
  ];

  /** The appends of a run, one after the other; a type that no service listens to. */
  async function appendAlone(): Promise<void> {
    const stream = `bench-${uuid()}`;
    for (let i = 0; i < appendsPerRun; i++) {
      const claimed = event(StepClaimedSchema, { step: 1, attempt: 1, leaseId: uuid(), instanceId: uuid() });
      await store.append(stream, toNewEvents([claimed], { correlationId: stream, causationId: uuid() }), i === 0 ? 'no-stream' : i - 1);
    }
  }

  /** From the append to the handler, once; the services find nothing to do in such a stream. */
  async function hopTime(): Promise<number> {
    let arrived = (_stream: string) => {};
    const unsubscribe = await bus.subscribe('bench', [DataIngestedSchema.typeName], async ({ stream }) => arrived(stream));
    const took = await times(async () => {
      const stream = `bench-${uuid()}`;
      const handled = new Promise<void>((resolve) => (arrived = (s) => s === stream && resolve()));
      await store.append(stream, toNewEvents([event(DataIngestedSchema, {})], {}), 'no-stream');
      await handled;
    });
    await unsubscribe();
    return median(took);
  }
}

async function times(action: () => Promise<unknown>): Promise<number[]> {
  const took: number[] = [];
  for (let i = 0; i < rounds; i++) {
    const start = performance.now();
    await action();
    took.push(performance.now() - start);
  }
  return took;
}
