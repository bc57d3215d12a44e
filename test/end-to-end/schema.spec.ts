import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { connect } from '@refit/refit';
import { tellShop } from '../support/play-shop.ts';
import { RefitProcess } from '../support/refit-process.ts';
import { damagedDay, dayName, writeDays } from '../support/shop-data.ts';

interface Proposal {
  readonly id: string;
  readonly status: string;
  readonly change: string;
  readonly actor: string;
  readonly anomaly: { readonly kind: string; readonly severity: string; readonly column: string; readonly batch: string };
}

const damaged = dayName(damagedDay);
let folder: string;
let refit: RefitProcess;

const list = async (...flags: readonly string[]) => (await refit.json<{ proposals: readonly Proposal[] }>('data', 'schema', 'list', 'shop', ...flags)).proposals;
const runs = async () => (await refit.json<{ runs: readonly { runId: string; status: string; outcome: string }[] }>('runs', '--pipeline', 'shop')).runs;
const schema = async (...version: readonly string[]) =>
  refit.json<{ latestVersion: number; schema: { version: number; origin: string; actor: string; reason: string; schema: { columns: readonly { name: string; acceptedMaximum?: number }[] } } }>('data', 'schema', 'show', 'shop', ...version);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'refit-schema-'));
  const files = writeDays(join(folder, 'days'));
  refit = await RefitProcess.start(folder);
  await tellShop(refit, files.slice(0, damagedDay));
  await vi.waitUntil(async () => (await runs()).filter(({ status }) => status !== 'open').length === damagedDay, { timeout: 60_000, interval: 200 });
}, 90_000);
afterAll(async () => {
  await refit.stop();
  await rm(folder, { recursive: true, force: true });
});

describe('what the data gate has found in a refused batch', { timeout: 60_000 }, () => {
  it('is listed, each with the change that would accept it', async () => {
    const failures = await list('--severity', 'failure', '--batch', damaged);
    expect(failures.map(({ anomaly, status }) => [anomaly.column, anomaly.kind, status])).toEqual(expect.arrayContaining([['price', 'FLOAT_TYPE_BIG_FLOAT', 'open']]));
    for (const { id, change } of failures) expect([id, change]).toEqual([expect.stringMatching(/^[0-9a-f]{8}$/), expect.stringContaining('price')]);
    const { stdout } = await refit.run('data', 'schema', 'list', 'shop', '--batch', damaged);
    expect(stdout).toMatch(/^[0-9a-f]{8} {2}✗ day-4 {2}price: .*FLOAT_TYPE_BIG_FLOAT\n {10}accepted, it says: price may go up to 1\d{4}/mu);
  });

  it('is refused without a reason, by another id, and by a status that there is not', async () => {
    const [one] = await list('--severity', 'failure');
    expect(await refit.run('data', 'schema', 'accept', 'shop', one!.id)).toMatchObject({ exitCode: 64 });
    expect((await refit.run('data', 'schema', 'accept', 'shop', one!.id, `${one!.id}0`, '--reason', 'x')).stderr).toContain('PROPOSAL_NOT_FOUND');
    expect((await refit.run('data', 'schema', 'list', 'nowhere')).stderr).toMatch(/SCHEMA_NOT_FOUND.*dataset nowhere has no schema/u);
    expect((await list('--severity', 'failure')).every(({ status }) => status === 'open')).toBe(true);
  });

  it('is decided once, also by two persons at the same time; the second is told by whom', async () => {
    const [one, ...others] = await list('--severity', 'failure');
    const client = connect(refit.grpc);
    try {
      const accept = (actor: string) => client.validation.acceptProposals({ dataset: 'shop', ids: [one!.id], actor, reason: `${actor} says so` });
      const both = await Promise.allSettled([accept('ann'), accept('bob')]);
      const [winner, loser] = both[0]!.status === 'fulfilled' ? ['ann', 'bob'] : ['bob', 'ann'];
      expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
      expect(both.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'PROPOSAL_DECIDED', message: `proposal ${one!.id} was accepted by ${winner}: ${winner} says so` } });
      await expect(client.validation.rejectProposals({ dataset: 'shop', ids: [one!.id], actor: loser! })).rejects.toMatchObject({ code: 'PROPOSAL_DECIDED' });
      // The same again by the same person changes nothing, and says what still stands against the batch.
      const again = await accept(winner!);
      expect(again).toMatchObject({ proposals: [{ id: one!.id, status: 'accepted', actor: winner }], reopenedBatches: [] });
      expect(again.heldBatches).toMatchObject([{ batch: damaged, failures: others.map(({ id }) => id) }]);
      expect((await schema()).latestVersion).toBe(again.schemaVersion);
    } finally {
      client.close();
    }
  });

  it('lets the batch be judged again once all of it is accepted, also after the process was killed', async () => {
    const before = await schema();
    const open = await list('--severity', 'failure');
    const { stdout } = await refit.run('data', 'schema', 'accept', 'shop', ...open.map(({ id }) => id), '--reason', 'prices are in yen now');
    expect(stdout).toMatch(/batch day-4 will be judged again by the next run of shop\n {2}start it: refit run shop --wait/u);

    process.kill(refit.pid, 'SIGKILL');
    refit = await RefitProcess.start(folder);
    expect(await list('--severity', 'failure')).toEqual([]);
    expect((await list('--all', '--severity', 'failure')).map(({ status }) => status)).toEqual([...open, 'the first'].map(() => 'accepted'));
    const after = await schema();
    expect(after.latestVersion).toBeGreaterThanOrEqual(before.latestVersion);
    expect((await schema('1')).schema).toMatchObject({ version: 1, origin: 'inferred' });
    expect((await refit.run('data', 'schema', 'diff', 'shop', '1')).stdout).toMatch(/\+ price accepted range: … to 1\d{4}/u);

    expect((await refit.run('run', 'shop', '--wait')).exitCode).not.toBe(1);
    const [latest] = await runs();
    const { stdout: shown } = await refit.run('show', latest!.runId, '--json');
    expect(shown).toMatch(new RegExp(`"acceptedBatches":\\["${damaged}"\\]`, 'u'));
    const reopened = await refit.run('events', 'dataset-shop', '--json');
    expect(reopened.stdout).toContain('refit.dataset.v1.BatchReopened');
    // It is not refused again by what the first run has said of it.
    await refit.run('run', 'shop', '--wait');
    const [next] = await runs();
    expect((await refit.run('show', next!.runId, '--json')).stdout).toMatch(/"windowBatches":\[[^\]]*"day-4@1"/u);
  });

  it('is set aside by a new reference, which is recorded with who and why', async () => {
    const { stdout } = await refit.run('data', 'schema', 'reference', 'shop', '--batch', damaged, '--reason', 'yen from now on');
    expect(stdout).toMatch(/^✓ batch day-4@1 \(400 rows\) is the reference of shop; its schema is at version \d+\n {2}\d+ earlier decisions? stays?/u);
    expect(stdout).toMatch(/\n {2}dropped: [0-9a-f]{8} .*price.* is let pass, .* \(it was a distance from the old reference\)/u);
    const made = await schema();
    // What a person has accepted outlives the reference that it was accepted beside.
    expect(made.schema.schema.columns.find(({ name }) => name === 'price')?.acceptedMaximum).toBeGreaterThan(10_000);
    expect(made.schema).toMatchObject({ origin: 'reference', reason: 'yen from now on' });
    expect((await refit.run('data', 'schema', 'reference', 'shop', '--batch', damaged, '--reason', 'again')).stdout).toContain('That is the reference of shop already.');
    expect((await schema()).latestVersion).toBe(made.latestVersion);
    expect((await list('--all')).filter(({ status }) => status === 'open')).toEqual([]);
    expect((await refit.run('data', 'schema', 'versions', 'shop')).stdout).toMatch(/from a new reference \(batch day-4@1\), by .*, yen from now on/u);
  });
});
