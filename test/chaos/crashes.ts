import { seededRandom } from '../support/seeded-random.ts';
import type { Crash } from './play-round.ts';

/** The pairs of streams that one step writes to, by the one written first, and how often a story does so. */
const gaps = [
  { streamPrefix: 'trigger-', times: 6 },
  { streamPrefix: 'dataset-', times: 12 },
  { streamPrefix: 'schema-', times: 1 },
  { streamPrefix: 'model-', times: 2 },
  { streamPrefix: 'run-', times: 60 },
];

/** The crashes of a round: one in a gap (each kind in its turn), the others at random moments. */
export function crashesOf(round: number): readonly Crash[] {
  const random = seededRandom(round + 1);
  const { streamPrefix, times } = gaps[round % gaps.length] ?? { streamPrefix: 'run-', times: 1 };
  const gap: Crash = { gap: { streamPrefix, nth: 1 + Math.floor(times * random()) } };
  return [gap, { afterMs: 50 + 1500 * random() }, { afterMs: 50 + 1500 * random() }];
}
