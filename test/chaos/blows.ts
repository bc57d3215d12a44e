import { serviceNames, type ServiceName } from '../support/service-process.ts';
import { seededRandom } from '../support/seeded-random.ts';

/** A kill -9: of whom, at which sign of its work, and when it is started again. */
export interface Blow {
  readonly target: ServiceName | 'broker';
  /** The sign of its work in the story, from 1. */
  readonly nth: number;
  /** After that sign. */
  readonly afterMs: number;
  readonly backAfterMs: number;
}

/** How many signs of its work a story has at least: claims of steps, verdicts and starts of the trigger, events of runs. */
const signs: Readonly<Record<Blow['target'], number>> = { ingestion: 6, validation: 6, training: 10, evaluation: 10, registry: 5, trigger: 12, broker: 60 };

/** The blows of a round: two services of different kinds, and in every fifth round the broker too. */
export function blowsOf(round: number, { broker }: { readonly broker: boolean }): readonly Blow[] {
  const random = seededRandom(1000 + round);
  const one = Math.floor(serviceNames.length * random());
  const other = (one + 1 + Math.floor((serviceNames.length - 1) * random())) % serviceNames.length;
  const targets = [serviceNames[one]!, serviceNames[other]!, ...(broker && round % 5 === 4 ? (['broker'] as const) : [])];
  return targets.map((target) => ({
    target, nth: 1 + Math.floor(signs[target] * random()), afterMs: Math.floor(200 * random() ** 2), backAfterMs: Math.floor(1500 * random()),
  }));
}
