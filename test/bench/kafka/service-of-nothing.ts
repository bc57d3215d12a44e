/** A service as a process of its own, on Kafka, with steps that do nothing. Told to by its parent, it asks for runs. */
import 'reflect-metadata';
import { Closing, startProcess, takePlace } from '@refit/service';
import { loadConfig } from '@refit/service/config';
import { runsOfNothing, type RunsOfNothing } from '../hand-off/runs-of-nothing.ts';
import { moduleOfNothing, servicesWithSteps } from '../hand-off/steps-of-nothing.ts';
import { marking, noMarks } from './marks.ts';

export type Order =
  /** From now on steps take so long. */
  | { readonly order: 'steps'; readonly stepMs: number }
  | { readonly order: 'run'; readonly runs: number; readonly inFlight: number }
  /** What was taken down since the last time. */
  | { readonly order: 'marks' }
  | { readonly order: 'stop' };

const [name = ''] = process.argv.slice(2);
const steps = new Map(servicesWithSteps).get(name) ?? [];
let marks = noMarks();
let stepMs = 0;

const closing = new Closing();
const config = loadConfig({ argv: [], env: process.env, cwd: process.cwd(), findFile: false });
const place = takePlace(config, closing, name);
const running = await startProcess([{ name, module: moduleOfNothing(steps, () => stepMs) }], config, { place, closing, signal: new AbortController().signal, wrap: marking(() => marks) });
let runs: RunsOfNothing | undefined;

async function obey(order: Order): Promise<unknown> {
  if (order.order === 'run') return { ms: await run(order) };
  if (order.order === 'stop') return stop();
  if (order.order === 'steps') return { stepMs: (stepMs = order.stepMs) };
  const taken = marks;
  marks = noMarks();
  return taken;
}

async function run({ runs: count, inFlight }: { readonly runs: number; readonly inFlight: number }): Promise<number> {
  const asking = (runs ??= await runsOfNothing(running.runtime.store));
  let left = count;
  const began = performance.now();
  await Promise.all(Array.from({ length: inFlight }, async () => {
    while (left-- > 0) await asking.run();
  }));
  return performance.now() - began;
}

async function stop() {
  await runs?.stop();
  await running.stop();
  return {};
}

process.on('message', (order: Order) => {
  void obey(order).then((answer) => process.send?.(answer, () => order.order === 'stop' && process.exit(0)));
});
process.on('disconnect', () => process.exit(1));
process.send?.('ready');
