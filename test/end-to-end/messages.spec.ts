import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Bus } from '@refit/bus';
import { faultyBus } from '@refit/bus/testing';
import { configFrom, connect, startSystem } from '@refit/refit';
import { historyOf, type History } from '../support/history.ts';
import { dayName, days, pipelineText, writeDays } from '../support/shop-data.ts';

/** The shop's story in this process, with a bus that is not to be trusted. */
async function story(bus: (bus: Bus) => Bus): Promise<History> {
  const folder = await mkdtemp(join(tmpdir(), 'refit-messages-'));
  const files = writeDays(join(folder, 'days'));
  const system = await startSystem({ ...configFrom({ dataDir: join(folder, 'state'), port: 0, grpcPort: 0, allowRoot: [folder] }), scanIntervalMs: 150 }, { bus });
  const client = connect(`127.0.0.1:${system.grpcPort}`);
  try {
    await client.admin.applyPipeline({ fileName: 'shop.yaml', text: pipelineText, baseDirectory: folder, actor: 'test' });
    for (const [i, file] of files.entries()) {
      await client.admin.announceData({ batch: { dataset: 'shop', name: dayName(i + 1), uri: pathToFileURL(file).href }, source: 'test', id: dayName(i + 1) });
    }
    let history = await historyOf(system.runtime.store);
    await expect.poll(async () => {
      history = await historyOf(system.runtime.store);
      return history.runs.filter((run) => run.end !== 'open').length;
    }, { timeout: 90_000, interval: 100 }).toBe(days);
    return history;
  } finally {
    client.close();
    await system.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

describe('the bus is only fast', () => {
  it('so runs end alike when every message is lost, and when each comes three times in another order', { timeout: 240_000 }, async () => {
    const undisturbed = await story((bus) => bus);
    expect(await story((bus) => faultyBus(bus, { drop: 'all' }))).toEqual(undisturbed);
    expect(await story((bus) => faultyBus(bus, { duplicate: 3, shuffle: 7 }))).toEqual(undisturbed);
  });
});
