import { isDeepStrictEqual } from 'node:util';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BenchResult, Figure } from './bench.ts';
import { playDistributed } from './services/play-distributed.ts';
import { playEmbedded } from './services/play-embedded.ts';
import type { Story } from './services/story-of.ts';

/** The flights example in one process, and on separate processes with a real broker: the same results, to the hash. */
export default async function services(): Promise<BenchResult> {
  const folder = await mkdtemp(join(tmpdir(), 'refit-bench-'));
  try {
    say('the flights in one process (a minute or two)');
    const embedded = await playEmbedded(join(folder, 'embedded'));
    say('the flights on separate processes and Kafka (a minute or two)');
    const distributed = await playDistributed(join(folder, 'distributed'));
    return {
      bench: 'services',
      figures: [
        ...compared(embedded.story, distributed.story),
        { name: 'the story in one process', value: embedded.seconds, unit: 's' },
        { name: 'the story on separate processes', value: distributed.seconds, unit: 's' },
      ],
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const say = (text: string) => console.error(`  … ${text}`);

const parts = {
  answers: 'reasons and their verdicts', batches: 'batches and their hashes', runs: 'runs with their hashes, metrics and verdicts', ways: 'ways of the runs',
  versions: 'versions and their artifacts', aliases: 'moves of aliases',
} as const satisfies Partial<Record<keyof Story, string>>;

/** Of each part of the story, how much there is, and whether it is equal. */
function compared(embedded: Story, distributed: Story): Figure[] {
  return Object.entries(parts).map(([key, name]) => {
    const [one, other] = [embedded[key as keyof typeof parts], distributed[key as keyof typeof parts]];
    const ok = one.length > 0 && isDeepStrictEqual(one, other);
    if (!ok) sayDifference(name, one, other);
    return { name: `${name}, equal`, value: one.filter((item, i) => isDeepStrictEqual(item, other[i])).length, unit: `of ${one.length}`, target: `= ${one.length}`, ok };
  });
}

function sayDifference(name: string, one: readonly unknown[], other: readonly unknown[]): void {
  const at = [...Array(Math.max(one.length, other.length)).keys()].find((i) => !isDeepStrictEqual(one[i], other[i])) ?? 0;
  say(`${name} differ, first at ${at}:\n    ${JSON.stringify(one[at])}\n    ${JSON.stringify(other[at])}`);
}
