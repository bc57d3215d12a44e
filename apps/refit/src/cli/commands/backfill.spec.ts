import { create } from '@bufbuild/protobuf';
import { timestampDate, timestampFromDate } from '@bufbuild/protobuf/wkt';
import { BackfillSchema, RefitError, type Backfill, type BackfillRange } from '@refit/contracts';
import { afterEach, describe, expect, it } from 'vitest';
import { startTestServer, type TestHandlers } from '../../client/testing/test-server.js';
import { runProgram } from '../program.js';
import { testTerminal } from '../testing/test-terminal.js';

const cleanups: (() => unknown)[] = [];
afterEach(() => cleanups.splice(0).forEach((cleanup) => cleanup()));

async function refit(args: string, handlers: TestHandlers = {}, terminal = testTerminal()) {
  const server = await startTestServer(handlers);
  cleanups.push(() => server.stop());
  const code = await runProgram([...args.split(' '), '--server', server.address], terminal);
  return { code, output: terminal.output, errors: terminal.errors, json: () => JSON.parse(terminal.output.join('\n')) };
}

const time = (text: string) => timestampFromDate(new Date(text));
const id = '019b7840-1234-7000-8000-000000000000';
const backfillOf = (status: string, ...outcomes: readonly string[]): Backfill =>
  create(BackfillSchema, {
    pipeline: 'flights', status, requested: { backfillId: id, step: '7d', actor: 'ada', from: time('2001-01-01'), until: time('2001-01-15'), requestedAt: time('2026-01-01T11:00Z') },
    ended: outcomes.filter((outcome) => outcome !== '').length, running: outcomes.filter((outcome) => outcome === '').length,
    spans: outcomes.map((outcome, i) => ({ from: time(`2001-01-0${i + 1}`), until: time(`2001-01-0${i + 2}`), status: outcome === '' ? 'running' : 'ended', outcome, runId: id })),
  });
const command = 'backfill flights --from 2001-01-01 --to 2001-01-15T06:00';

describe('backfill', () => {
  it('previews what would run, on what data, and what would not and why', async () => {
    let asked: BackfillRange | undefined;
    const { code, output } = await refit(`${command} --every 7d --preview`, {
      planBackfill: ({ range }) => {
        asked = range;
        return {
          step: '7d', remarks: ['The pipeline is paused: nothing starts until it is resumed.'],
          spans: [
            { from: time('2001-01-01'), until: time('2001-01-08'), starts: true, batches: 1, rows: 115_000, rowsExact: true },
            { from: time('2001-01-08'), until: time('2001-01-15'), starts: true, batches: 2, rows: 230_000 },
            { from: time('2001-01-15'), until: time('2001-01-22T05:00Z'), why: 'An earlier backfill has done it: registered.', runId: id },
          ],
        };
      },
    });
    expect([code, asked && timestampDate(asked.from!), asked && timestampDate(asked.until!), asked?.everyMs]).toEqual([0, new Date('2001-01-01T00:00Z'), new Date('2001-01-15T06:00Z'), 604_800_000]);
    expect(output).toEqual([
      'FROM        UNTIL              DATA OF ITS WINDOW               WHAT       WHY',
      '2001-01-01  2001-01-08         115,000 rows of 1 batch          would run',
      '2001-01-08  2001-01-15         up to 230,000 rows of 2 batches  would run',
      '2001-01-15  2001-01-22T05:00Z  none known                       skipped    An earlier backfill has done it: registered. (run 019b7840-1234)',
      '', '2 runs of 3 spans (7d); nothing has started.', '! The pipeline is paused: nothing starts until it is resumed.',
    ]);
  });

  it('starts and says how each span stands', async () => {
    const { code, output } = await refit(command, { startBackfill: ({ promote, actor }) => (promote || actor === '' ? {} : { backfill: backfillOf('open', 'registered', '') }) });
    expect(code).toBe(0);
    expect(output[0]).toBe('backfill 019b7840-1234 of flights (7d): ● open, 1 running, 1 ended');
    expect(output[2]).toMatch(/^2001-01-01 {2}2001-01-02 {2}✓ registered {2}019b7840-1234/);
  });

  it.each([[['registered', 'registered'], 0], [['registered', 'data-rejected'], 2], [['model-rejected', 'failed'], 1]])('waits, and ends with the worst of %j', async (outcomes, code) => {
    let asked = 0;
    const result = await refit(`${command} --wait`, { startBackfill: () => ({ backfill: backfillOf('open', '', '') }), getBackfill: () => ({ backfill: ++asked > 1 ? backfillOf('done', ...outcomes) : backfillOf('open', '', '') }) });
    expect(result.code).toBe(code);
  });

  it('stops waiting at Ctrl+C, and the backfill goes on', async () => {
    const terminal = testTerminal();
    const getBackfill = () => {
      terminal.interrupt();
      return { backfill: backfillOf('open', '') };
    };
    const { code, output } = await refit(`${command} --wait`, { startBackfill: () => ({ backfill: backfillOf('open', '') }), getBackfill }, terminal);
    expect([code, output.at(-1)]).toEqual([130, 'Stopped waiting; the backfill goes on. See it with: refit backfill show 019b7840-1234']);
  });

  it('is listed, shown and cancelled', async () => {
    const handlers: TestHandlers = {
      listBackfills: ({ pipeline }) => (pipeline === 'flights' ? { backfills: [backfillOf('done', 'registered')] } : {}),
      getBackfill: () => ({ backfill: backfillOf('done', 'registered') }),
      cancelBackfill: ({ reason }) => ({ backfill: { pipeline: 'flights', status: 'cancelled', givenUp: 2, cancelled: { actor: 'ada', reason } } }),
    };
    expect((await refit('backfill list flights', handlers)).output[1]).toBe('019b7840-1234  flights   2001-01-01 to 2001-01-15  7d    ✓ done, 1 ended  1 h ago    ada');
    expect((await refit('backfill list', handlers)).output[0]).toMatch(/^No backfills yet/);
    expect((await refit('backfill show 019b', handlers)).output[0]).toContain('✓ done');
    expect((await refit('backfill cancel 019b --reason slow', handlers)).output[1]).toContain('– cancelled, 2 given up, cancelled by ada: slow');
    expect((await refit('backfill show 019b --json', handlers)).json()).toMatchObject({ backfill: { status: 'done' } });
  });

  it('tells what the server refuses', async () => {
    const { code, errors } = await refit(command, { startBackfill: () => { throw new RefitError('TIME_COLUMN_UNUSABLE', 'there is no time column'); } });
    expect([code, errors]).toEqual([1, ['error TIME_COLUMN_UNUSABLE: there is no time column']]);
  });

  it.each([
    ['backfill flights --from 2001-01-01', '--to'],
    ['backfill flights --from 2001-02-31 --to 2001-03-31', 'a date or a time that exists'],
    ['backfill flights --from yesterday --to 2001-03-31', 'a date or a time that exists'],
    [`${command} --every fortnight`, 'such as 90m, 12h, 7d or 4w'],
    [`${command} --every 7d --schedule`, 'cannot be used with'],
  ])('%s is bad usage', async (args, hint) => {
    const { code, errors } = await refit(args);
    expect([code, errors.join('\n')]).toEqual([64, expect.stringContaining(hint)]);
  });
});
