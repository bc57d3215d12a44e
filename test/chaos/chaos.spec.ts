import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { days } from '../support/shop-data.ts';
import { crashesOf } from './crashes.ts';
import { playRound, type Crash, type Round } from './play-round.ts';

const rounds = Number(process.env['REFIT_CHAOS_ROUNDS'] ?? 5);

async function inFolder(crashes: readonly Crash[]): Promise<Round> {
  const folder = await mkdtemp(join(tmpdir(), 'refit-chaos-'));
  try {
    return await playRound(folder, crashes);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

describe('a process that is killed with -9', () => {
  let undisturbed: Round;
  beforeAll(async () => {
    undisturbed = await inFolder([]);
  }, 120_000);

  it('is measured against a story in which data was refused and a champion changed', () => {
    const { history } = undisturbed;
    expect(history.runs).toHaveLength(days);
    expect(history.runs.map((run) => run.end.includes('RunCompleted'))).not.toContain(false);
    expect(history.runs.some((run) => run.findings.some((f) => f.startsWith('rejected day-4: ')))).toBe(true);
    expect(history.champions.length).toBeGreaterThanOrEqual(2);
  });

  for (let round = 0; round < rounds; round++) {
    const crashes = crashesOf(round);
    it(`ends every run as if nothing had happened: round ${round}, ${JSON.stringify(crashes)}`, { timeout: 150_000 }, async () => {
      const { history, deaths } = await inFolder(crashes);
      expect(deaths).toBeGreaterThanOrEqual(1);
      expect(history).toEqual(undisturbed.history);
    });
  }
});
