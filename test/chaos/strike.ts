import { setTimeout as sleep } from 'node:timers/promises';
import { Step } from '@refit/contracts';
import type { EventStore } from '@refit/event-store';
import type { Broker } from '../support/kafka/broker.ts';
import { instanceIdOf } from '../support/service-health.ts';
import type { ServiceName } from '../support/service-process.ts';
import type { Services } from '../support/services.ts';
import { watchLog, type LoggedEvent } from '../support/watch-log.ts';
import type { Blow } from './blows.ts';

/** The process of a service that was killed. */
export interface Kill {
  readonly instanceId: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** What the blows fall on. */
export interface Victims {
  readonly services: Services;
  readonly broker: Broker | undefined;
  readonly store: EventStore;
}

/**
 * From the moment this resolves, the blow falls at its sign; `done` resolves once whoever was killed is back. It rejects
 * when there is no sign until the signal.
 */
export async function prepare(blow: Blow, victims: Victims, signal: AbortSignal): Promise<{ readonly done: Promise<readonly Kill[]> }> {
  const { seen } = await watchLog(victims.store, (logged) => isSign(blow.target, logged), signal, blow.nth);
  const done = seen.then(() => sleep(blow.afterMs)).then(() => strike(blow, victims));
  done.catch(() => {}); // whoever waits hears of it
  return { done };
}

async function strike({ target, backAfterMs }: Blow, { services, broker }: Victims): Promise<readonly Kill[]> {
  if (target === 'broker') {
    await broker?.kill();
    await sleep(backAfterMs);
    await broker?.restart();
    return [];
  }
  const kill = { instanceId: await instanceIdOf(services, target), at: Date.now() };
  await services.kill(target);
  await sleep(backAfterMs);
  await services.start(target);
  return [kill];
}

const stepsOf: Readonly<Record<ServiceName, readonly Step[]>> = {
  ingestion: [Step.INGEST], validation: [Step.VALIDATE], training: [Step.TRANSFORM, Step.TRAIN], evaluation: [Step.EVALUATE, Step.JUDGE], registry: [Step.REGISTER], trigger: [],
};

function isSign(target: Blow['target'], { stream, event }: LoggedEvent): boolean {
  if (target === 'broker') return stream.startsWith('run-');
  if (target === 'trigger') return stream.startsWith('trigger-');
  return event.$typeName === 'refit.run.v1.StepClaimed' && stepsOf[target].includes(event.step);
}
