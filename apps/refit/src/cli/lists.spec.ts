import { create } from '@bufbuild/protobuf';
import { timestampDate, type Timestamp } from '@bufbuild/protobuf/wkt';
import { FindingSeverity, ReadEventsResponseSchema, ReasonKind, SkipCause, Verdict } from '@refit/contracts';
import { describe, expect, it } from 'vitest';
import type { TestHandlers } from '../client/testing/test-server.js';
import { refitAgainst } from './testing/refit-against.js';
import { runId, sampleEvents, sampleRun } from './testing/sample-run.js';

const at = (time: Timestamp | undefined) => time && timestampDate(time).toISOString();

/** What a list asks the server for, without what is empty. */
async function asked(args: string, method: 'listRuns' | 'listReasons' | 'listAlerts' | 'listModels' | 'listVersions' | 'listPipelines'): Promise<object> {
  let request: object = {};
  const { code, errors } = await refitAgainst({
    getModel: () => ({ model: { name: 'm' } }),
    [method]: (r: object) => {
      request = r;
      return {};
    },
  }, args);
  expect({ code, errors }).toEqual({ code: 0, errors: [] });
  const { $typeName: _type, pageSize: _size, since, until, ...rest } = request as { $typeName: string; pageSize: number; since?: Timestamp; until?: Timestamp }; // of every list
  const times = { ...(since && { since: at(since) }), ...(until && { until: at(until) }) };
  return { ...Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== '' && value !== 0)), ...times };
}

describe('a list', () => {
  const pages: TestHandlers = {
    listRuns: ({ pageSize, pageToken }) => ({ runs: Array.from({ length: pageSize }, (_, i) => sampleRun({ runId: `${pageToken || 'first'}-${i}` })), nextPageToken: `after ${pageToken}` }),
  };

  it('is read page by page up to its limit', async () => {
    const sizes: number[] = [];
    const { output } = await refitAgainst({ listRuns: (request) => (sizes.push(request.pageSize), pages.listRuns!(request)) }, 'runs --limit 250');
    expect({ sizes, lines: output.length }).toEqual({ sizes: [200, 50], lines: 252 });
  });
  it('that goes on ends with the command line of its next page, with the filters that were given', async () => {
    const { output, server } = await refitAgainst(pages, 'runs --status failed --limit 2 --page here --since 2h');
    expect(output.at(-1)).toBe(`… and more: refit runs --server ${server} --since 2026-01-01T10:00:00.000Z --status failed --limit 2 --page 'after here'`);
    expect(output[1]).toMatch(/^here-0/);
  });
  it('that is at its end does not', async () => {
    const { output } = await refitAgainst({ listRuns: () => ({ runs: [sampleRun()] }) }, 'runs');
    expect(output).toHaveLength(2);
  });
  it('is JSON for programs, with the token of its next page', async () => {
    expect((await refitAgainst(pages, 'runs --json --limit 1')).json()).toMatchObject({ runs: [{ runId: 'first-0' }], nextPageToken: 'after ' });
    expect((await refitAgainst({ listRuns: () => ({ runs: [sampleRun()] }) }, 'runs --json')).json()).toMatchObject({ runs: [{ runId }], nextPageToken: '' });
  });
  it.each([['runs --status failed', 'No run is like that.'], ['reasons --kind decay', 'No reason is like that.'], ['alerts --since 1d', 'No alert is like that.'], ['models --alias x', 'No model is like that.'], ['pipelines --paused', 'No pipeline is like that.']])(
    '%s that finds nothing says that it was asked for some only', async (args, text) => {
      const { output } = await refitAgainst({ listRuns: () => ({}), listReasons: () => ({}), listAlerts: () => ({}), listModels: () => ({}), listPipelines: () => ({}) }, args);
      expect(output).toEqual([text]);
    });
});

describe('what a list is asked for', () => {
  it.each([
    ['runs --pipeline p --outcome registered --until 2026-01-01T00:00Z', 'listRuns', { pipeline: 'p', outcome: 'registered', until: '2026-01-01T00:00:00.000Z' }],
    ['reasons p --verdict skipped --skip-cause too-few-rows --kind data --since 1d', 'listReasons', {
      pipeline: 'p', verdict: Verdict.SKIPPED, skipCause: SkipCause.TOO_FEW_ROWS, kind: ReasonKind.DATA_ARRIVAL, since: '2025-12-31T12:00:00.000Z',
    }],
    ['alerts --kind schema --severity failure --since 30min', 'listAlerts', { kind: 'schema', severity: FindingSeverity.FAILURE, since: '2026-01-01T11:30:00.000Z' }],
    ['models --name m* --pipeline p --alias champion --status former', 'listModels', { namePattern: 'm*', pipeline: 'p', alias: 'champion', status: 'former' }],
    ['models m --status candidate', 'listVersions', { model: 'm', status: 'candidate' }],
    ['pipelines --name p-* --active', 'listPipelines', { namePattern: 'p-*', paused: false }],
    ['pipelines --paused --page x', 'listPipelines', { paused: true, pageToken: 'x' }],
    ['pipelines', 'listPipelines', {}],
  ] as const)('%s', async (args, method, request) => {
    expect(await asked(args, method)).toEqual(request);
  });
  it.each([...['cool-down', 'duplicate', 'paused', 'too-few-rows', 'run-open', 'disabled', 'below-severity', 'queue-full', 'missed', 'no-data'].map((cause) => ['skip-cause', 'skipCause', cause]),
    ...['schedule', 'data', 'decay', 'manual', 'backfill'].map((kind) => ['kind', 'kind', kind])])('--%s: %s %s is known to the server', async (option, field, name) => {
    expect(await asked(`reasons --${option} ${name}`, 'listReasons')).toEqual({ [field!]: expect.any(Number) });
  });
  it.each([['pipelines p --paused', "'--paused' is for the list"], ['models m --name x', "'--name' is for the list"], ['pipelines --paused --active', 'cannot be used with'], ['runs --since yesterday', '2026-01-31'], ['events --last 5 --follow', 'cannot be used with']])(
    '%s is bad usage', async (args, hint) => {
      const { code, errors } = await refitAgainst({}, args);
      expect(code).toBe(64);
      expect(errors.join('\n')).toContain(hint);
    });
});

describe('resume', () => {
  const skipped: TestHandlers = { resumePipeline: () => ({ skippedReasons: 3, skippedBatches: 2, skippedRows: 1200 }), startRun: () => ({ judged: { verdict: Verdict.STARTED, runId } }) };

  it('says what was skipped meanwhile and what to do about it', async () => {
    expect((await refitAgainst(skipped, 'resume p')).output).toEqual([
      '✓ p is active again', '  While it was paused, 3 reasons to run were skipped, with 2 batches of 1,200 rows that no run has taken.', '  Start a run with: refit run p',
    ]);
  });
  it('starts a run with it when asked to, and only then', async () => {
    expect((await refitAgainst(skipped, 'resume p --start')).output.at(-1)).toBe('  started 019b7840-1234');
    expect((await refitAgainst(skipped, 'resume p --start --json')).json()).toMatchObject({ skippedReasons: 3, judged: { verdict: 'VERDICT_STARTED', runId } });
    expect((await refitAgainst({ resumePipeline: () => ({}) }, 'resume p --start')).output).toEqual(['✓ p is active again; nothing was skipped while it was paused, so no run was started']);
    expect((await refitAgainst({ resumePipeline: () => ({}) }, 'resume p')).output).toEqual(['✓ p is active again']);
  });
});

describe('data arrive', () => {
  it('shows what is odd about an arrival that was taken', async () => {
    const { output } = await refitAgainst({ announceData: () => ({ verdicts: [{ pipeline: 'p', judged: { verdict: Verdict.QUEUED } }], warnings: ['the field 99 was not read'] }) }, 'data arrive flights /data/w1.csv');
    expect(output).toContain('  ! the field 99 was not read');
  });
});

describe('events', () => {
  const log: TestHandlers = {
    async *readEvents({ limit, last }) {
      const events = sampleEvents();
      for (const event of limit === 0 ? events : last ? events.slice(-limit) : events.slice(0, limit)) yield create(ReadEventsResponseSchema, { event });
    },
  };
  it('with a limit end with the command line that goes on', async () => {
    const whole = await refitAgainst(log, 'events --limit 2');
    expect(whole.output).toHaveLength(3);
    expect(whole.output.at(-1)).toBe(`… and more: refit events --server ${whole.server} --limit 2 --from 101`);
    const one = await refitAgainst(log, 'events run-019b --limit 2 --from 0');
    expect(one.output.at(-1)).toBe(`… and more: refit events run-019b --server ${one.server} --limit 2 --from 2`);
    expect((await refitAgainst(log, `events --limit ${sampleEvents().length}`)).output).toHaveLength(sampleEvents().length);
  });
  it('from the end tell how to see earlier ones', async () => {
    const events = sampleEvents();
    const { output, server } = await refitAgainst(log, 'events --last 2');
    expect(output).toHaveLength(3);
    expect(output[1]).toContain('RunCompleted');
    expect(output.at(-1)).toBe(`… and earlier: refit events --server ${server} --last 2 --before ${events.at(-2)!.position}`);
  });
});
