import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { create } from '@bufbuild/protobuf';
import { ReadEventsResponseSchema, RefitError, Step, Verdict, WatchRunsResponseSchema } from '@refit/contracts';
import { afterEach, describe, expect, it } from 'vitest';
import { startTestServer, type TestHandlers } from '../client/testing/test-server.js';
import { lockDataDirectory } from '@refit/service';
import { runProgram } from './program.js';
import { runId, sampleEvents, sampleRun } from './testing/sample-run.js';
import { testTerminal, type TestTerminal } from './testing/test-terminal.js';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** `refit …` against a server with these methods. */
async function refit(args: string, handlers: TestHandlers = {}, terminal: TestTerminal = testTerminal()) {
  const server = await startTestServer(handlers);
  cleanups.push(() => server.stop());
  const code = await runProgram([...args.split(' '), '--server', server.address], terminal);
  return { code, output: terminal.output, errors: terminal.errors, json: () => JSON.parse(terminal.output.join('\n')) };
}

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'refit-cli-'));
  cleanups.push(() => rm(path, { recursive: true, force: true }));
  return path;
}

const local = async (args: readonly string[], terminal = testTerminal()) => ({ code: await runProgram(args, terminal), ...terminal });

describe('usage', () => {
  it.each([[['--help']], [['help', 'run']], [['runs', '--help']], [['--version']]])('%j is answered with 0', async (args) => {
    const { code, output } = await local(args);
    expect(code).toBe(0);
    expect(output.length).toBeGreaterThan(0);
  });
  it.each([[['rnus'], 'Did you mean runs?'], [['runs', '--limit', 'x'], 'whole number'], [['runs', '--server', 'here'], 'HOST:PORT'], [['decay', 'p', '--severity', 'bad'], 'low, medium, high'], [['show'], 'run'], [['promote', 'm', 'v0'], 'whole number'], [[], 'Usage']])('%j is bad usage', async (args, hint) => {
    const { code, errors, output } = await local(args);
    expect(code).toBe(64);
    expect([...errors, ...output].join('\n')).toContain(hint);
  });
});

describe('usage, for programs', () => {
  it.each<[string[], string]>([
    [['rnus', '--json'], "unknown command 'rnus' (Did you mean runs?)"],
    [['runs', '--json', '--limit', 'x'], "option '--limit <n>' argument 'x' is invalid. Expected a whole number from 1 to 10000."],
    [['runs', '--json', '--sicne', '1d'], "unknown option '--sicne' (Did you mean --since?)"],
    [['show', '--json'], "missing required argument 'run'"],
    [['pipelines', 'p', '--paused', '--json'], "option '--paused' is for the list; leave it or 'p' out"],
  ])('%j is JSON, and nothing else', async (args, message) => {
    const { code, output, errors } = await local(args);
    expect({ code, errors }).toEqual({ code: 64, errors: [] });
    expect(JSON.parse(output.join('\n'))).toEqual({ error: { code: 'USAGE_INVALID', message, details: [] } });
  });
});

describe('help', () => {
  it('has an example for every command', async () => {
    const groups = ['data', 'dead-letters', 'config', 'profile', 'backfill'];
    const commandsOf = async (path: readonly string[]): Promise<string[][]> => {
      const { output } = await local([...path, '--help']);
      const names = output.slice(output.findIndex((line) => /^(Commands|[A-Z].*:)$/.test(line))).flatMap((line) => /^ {2}([a-z][a-z-]+) /.exec(line)?.[1] ?? []);
      return names.filter((name) => name !== 'refit').map((name) => [...path, name]);
    };
    const top = await commandsOf([]);
    const all = [...top, ...(await Promise.all(groups.map((group) => commandsOf([group])))).flat()];
    expect(all.length).toBeGreaterThan(30);
    const without: string[] = [];
    for (const path of all) if (!/Examples?:\n {2}\$ refit /.test((await local([...path, '--help'])).output.join('\n'))) without.push(path.join(' '));
    expect(without, 'add them to examples.ts').toEqual([]);
  });
});

describe('apply', () => {
  it('sends the file with its folder, and shows each fault with its place', async () => {
    const path = join(await folder(), 'a.yaml');
    await writeFile(path, 'version: refit/v1\n');
    const { code, errors } = await refit(`apply ${path}`, {
      applyPipeline: ({ text, baseDirectory, fileName }) => {
        const details = [{ file: fileName, line: 1, column: 1, message: `${text.trim()} in ${baseDirectory}` }];
        throw new RefitError('PIPELINE_FILE_INVALID', 'a fault', { details });
      },
    });
    expect(code).toBe(1);
    expect(errors).toEqual(['error PIPELINE_FILE_INVALID: a fault', `  ${path}:1:1  version: refit/v1 in ${join(path, '..')}`]);
  });
  it('says which file it cannot read', async () => {
    expect((await refit('apply missing.yaml')).errors[0]).toMatch(/^error REQUEST_INVALID: cannot read the pipeline file \/.*missing\.yaml \(ENOENT\)/);
  });
});

describe('run', () => {
  const ended = sampleEvents();
  const started = { judged: { verdict: Verdict.STARTED, runId, why: 'Nothing else runs.' } };
  const handlers: TestHandlers = {
    startRun: () => started,
    getRun: () => ({ run: sampleRun(), events: ended }),
    async *watchRuns() {
      yield create(WatchRunsResponseSchema, { run: sampleRun() });
    },
  };

  it('says what came of it', async () => {
    const { code, output } = await refit('run flights-delay', handlers);
    expect({ code, output }).toEqual({ code: 0, output: ['started 019b7840-1234 — Nothing else runs.', 'refit show 019b7840-1234'] });
  });
  it('fails when it was skipped', async () => {
    const { code, output } = await refit('run flights-delay', { startRun: () => ({ judged: { verdict: Verdict.SKIPPED, skipCause: 3, why: 'The pipeline is paused.' } }) });
    expect({ code, output }).toEqual({ code: 1, output: ['skipped: paused — The pipeline is paused.'] });
  });
  it('waits, tells the story and ends with 2 when a gate says no', async () => {
    const { code, output } = await refit('run flights-delay --wait', handlers);
    expect(code).toBe(2);
    expect(output.find((line) => line.includes('  ingest: '))).toMatch(/^\d\d:\d\d:\d\d {2}019b7840-1234 {2}flights-delay {2}ingest: week-07\.parquet/);
    expect(output).toContain('Model gate  no');
  });
  it.each([['registered', 'completed', 0], ['', 'failed', 1], ['', 'cancelled', 1]])('ends with the code of a run that is %s %s', async (outcome, status, code) => {
    expect((await refit('run p --wait', { ...handlers, getRun: () => ({ run: sampleRun({ status, outcome }), events: [] }) })).code).toBe(code);
  });
  it('waits for the run of a request that was queued', async () => {
    let asked = 0;
    const queued = { judged: { verdict: Verdict.QUEUED, reason: { source: '/exports', id: 'w07' }, why: 'A run is open.' } };
    const { code } = await refit('run flights-delay --wait', { ...handlers, startRun: () => queued, listRuns: () => ({ runs: asked++ === 0 ? [] : [sampleRun()] }) });
    expect({ code, asked }).toEqual({ code: 2, asked: 2 });
  });
  it('prints one JSON value', async () => {
    expect((await refit('run p --wait --json', handlers)).json()).toMatchObject({ run: { runId, outcome: 'model-rejected' }, events: expect.any(Array) });
    expect((await refit('run p --json', handlers)).json()).toMatchObject({ judged: { verdict: 'VERDICT_STARTED', runId } });
  });
  it('leaves the run alone when a person stops waiting', async () => {
    const terminal = testTerminal();
    const { code, output } = await refit('run p --wait', {
      ...handlers,
      getRun: () => ({ run: sampleRun({ status: 'open' }), events: [] }),
      async *watchRuns(_, signal) {
        yield create(WatchRunsResponseSchema, { run: sampleRun({ status: 'open', currentStep: Step.TRAIN }) });
        setTimeout(() => terminal.interrupt(), 20);
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
      },
    }, terminal);
    expect({ code, last: output.at(-1) }).toEqual({ code: 130, last: 'Stopped waiting; run 019b7840-1234 goes on. See it with: refit watch 019b7840-1234' });
  });
  it('goes on waiting while the server is away, and tells nothing twice', async () => {
    let watched = 0;
    const open = { run: sampleRun({ status: 'open' }), events: ended.slice(0, 3) };
    const { code, output } = await refit('run flights-delay --wait', {
      ...handlers,
      getRun: () => (watched < 2 ? open : { run: sampleRun(), events: ended }),
      async *watchRuns() {
        yield create(WatchRunsResponseSchema, { run: open.run, event: ended[2]! });
        if (watched++ === 0) throw Object.assign(new Error('gone'), { code: 14 });
      },
    });
    expect(code).toBe(2);
    expect(output).toContain('The server went away; the run goes on when it is back. Waiting…');
    expect(output.filter((line) => line.includes('  ingest: '))).toHaveLength(1);
  });
});

describe('events', () => {
  const handlers: TestHandlers = {
    async *readEvents({ stream, types }) {
      for (const event of sampleEvents().filter((e) => types.length === 0 || types.some((t) => e.type.endsWith(t)))) yield create(ReadEventsResponseSchema, { event: { ...event, stream: stream || event.stream } });
      yield create(ReadEventsResponseSchema, { caughtUp: true });
    },
  };
  it('are printed a line each', async () => {
    const { output } = await refit('events run-x --type DataIngested --type ModelTrained', handlers);
    expect(output.map((line) => /\d\d {2}(\w+) /.exec(line)?.[1])).toEqual(['DataIngested', 'ModelTrained']);
  });
  it('are JSON Lines for programs', async () => {
    const { output } = await refit('events --json', handlers);
    expect(output.map((line) => JSON.parse(line).type)).toHaveLength(sampleEvents().length);
  });
});

describe('replay', () => {
  it('ends with 1 when the states differ', async () => {
    const { code, output } = await refit(`replay ${runId}`, { replayRun: () => ({ runId, events: 3, replayedDigest: 'aa', liveDigest: 'bb', differences: ['status: open, live completed'] }) });
    expect({ code, output }).toEqual({ code: 1, output: ['✗ run 019b7840-1234: the replayed state differs from the live one', '  replayed aa', '  live     bb', '  status: open, live completed'] });
  });
});

describe('errors', () => {
  it('are JSON for programs', async () => {
    const { code, json } = await refit('show x --json', {
      getRun: () => {
        throw new RefitError('RUN_NOT_FOUND', 'there is no run x');
      },
    });
    expect(code).toBe(1);
    expect(json()).toEqual({ error: { code: 'RUN_NOT_FOUND', message: 'there is no run x', details: [] } });
  });
});

describe('reset', () => {
  async function dataDirectory(): Promise<string> {
    const path = join(await folder(), '.refit');
    lockDataDirectory(path, 'exclusive').release();
    await mkdir(join(path, 'artifacts'));
    return path;
  }

  it('asks first', async () => {
    const path = await dataDirectory();
    const { code, output } = await local(['reset', '--data-dir', path], testTerminal({ interactive: true, answer: 'n' }));
    expect({ code, output }).toEqual({ code: 64, output: ['Nothing was deleted.'] });
    expect(await readdir(path)).toContain('artifacts');
  });
  it('deletes the whole folder', async () => {
    const path = await dataDirectory();
    expect((await local(['reset', '--data-dir', path], testTerminal({ interactive: true, answer: 'y' }))).code).toBe(0);
    expect(await readdir(join(path, '..'))).toEqual([]);
  });
  it('does not ask a program', async () => {
    const path = await dataDirectory();
    expect((await local(['reset', '--data-dir', path])).code).toBe(64);
    expect((await local(['reset', '--data-dir', path, '--yes', '--json'])).output).toEqual([JSON.stringify({ dataDirectory: path, deleted: true })]);
  });
  it('leaves a folder alone that a Refit is using', async () => {
    const path = await dataDirectory();
    const lock = lockDataDirectory(path, 'exclusive');
    cleanups.push(() => lock.release());
    const { code, errors } = await local(['reset', '--data-dir', path, '--yes']);
    expect(code).toBe(1);
    expect(errors[0]).toContain('DATA_DIRECTORY_UNUSABLE');
    expect(await readdir(path)).toContain('artifacts');
  });
  it('deletes nothing that is not its own', async () => {
    const path = await folder();
    await writeFile(join(path, 'thesis.tex'), '');
    const { code, errors } = await local(['reset', '--data-dir', path, '--yes']);
    expect({ code, left: await readdir(path) }).toEqual({ code: 1, left: ['thesis.tex'] });
    expect(errors[0]).toContain('does not look like a data directory');
  });
});
