import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { timestampMs } from '@bufbuild/protobuf/wkt';
import { RefitError, Verdict } from '@refit/contracts';
import { afterEach, describe, expect, it } from 'vitest';
import { startTestServer, type TestHandlers } from '../../client/testing/test-server.js';
import { runProgram } from '../program.js';
import { testTerminal } from '../testing/test-terminal.js';

const cleanups: (() => unknown)[] = [];
afterEach(() => cleanups.splice(0).forEach((cleanup) => cleanup()));

/** `refit dead-letters …` against a server with these methods. */
async function letters(args: readonly string[], handlers: TestHandlers) {
  const server = await startTestServer(handlers);
  cleanups.push(() => server.stop());
  const terminal = testTerminal();
  const code = await runProgram(['dead-letters', ...args, '--server', server.address], terminal);
  return { code, output: terminal.output, errors: terminal.errors, written: terminal.written };
}

const letter = (letterId: string, more: object = {}) => ({ parked: { letterId, reason: 'no id', code: 'CLOUD_EVENT_INVALID', origin: 'kafka refit.data-arrivals/3@17', ...more }, status: 'parked' });

describe('dead-letters list', () => {
  it('asks for what is wanted, without the bodies, and says how to see more', async () => {
    const asked: object[] = [];
    const handlers: TestHandlers = {
      listDeadLetters: ({ since, ...request }) => {
        asked.push({ ...request, since: since && timestampMs(since) });
        return { letters: [letter('abc-1'), letter('abd-2')], nextPageToken: 'next' };
      },
    };
    const { output } = await letters(['list', '--all', '--code', 'CLOUD_EVENT_INVALID', '--origin', 'kafka refit', '--since', '2h', '--limit', '2'], handlers);
    expect(asked).toMatchObject([{ includeSettled: true, code: 'CLOUD_EVENT_INVALID', origin: 'kafka refit', since: Date.UTC(2026, 0, 1, 10), withoutBodies: true, pageSize: 2 }]);
    expect(output).toHaveLength(4);
    expect(output[1]).toMatch(/abc-1 .* kafka refit\.data-arrivals\/3@17 +CLOUD_EVENT_INVALID +no id/);
    expect(output[3]).toContain("--origin 'kafka refit'");
    expect(output[3]).toContain('--page next');
    expect((await letters([], handlers)).output).toHaveLength(22); // twenty by default
  });

  it('says that nothing is there', async () => {
    expect((await letters([], { listDeadLetters: () => ({}) })).output).toEqual(['No dead letters: every message from outside was taken.']);
    expect((await letters(['list', '--code', 'DISK_FULL'], { listDeadLetters: () => ({}) })).output).toEqual(['No such dead letters.']);
  });
});

describe('dead-letters show', () => {
  const shown = (body: Uint8Array | string, more: object = {}): TestHandlers => ({
    getDeadLetter: ({ letterId }) => ({ letter: letter(letterId, { body: Buffer.from(body), key: Buffer.from('plant-7'), headers: { 'content-type': 'text/plain' }, ...more }) }),
  });

  it('shows text as text', async () => {
    const { output } = await letters(['show', 'abc'], shown('{"a": 1}'));
    expect(output.join('\n')).toMatch(/kafka refit\.data-arrivals\/3@17\n +key +plant-7\n +why +CLOUD_EVENT_INVALID: no id\nHeaders\n +content-type: text\/plain\nBody\n\{"a": 1\}$/);
  });

  it('shows other bytes in hexadecimal, as far as anybody would read', async () => {
    const { output } = await letters(['show', 'abc'], shown(Uint8Array.from({ length: 2000 }, (_, i) => i % 256)));
    expect(output).toContain('00000040  40 41 42 43 44 45 46 47 48 49 4a 4b 4c 4d 4e 4f  @ABCDEFGHIJKLMNO');
    expect(output.at(-1)).toBe('… and 976 more bytes: --raw writes them all, --output FILE to a file');
  });

  it('shows of a long text the beginning', async () => {
    const { output } = await letters(['show', 'abc'], shown(`{"a": "${'ü'.repeat(450_000)}"}`));
    expect(output.at(-1)).toBe('… and 896,016 more bytes: --raw writes them all, --output FILE to a file');
    expect(output.join('').length).toBeLessThan(3000);
  });

  it('writes the original bytes to a file', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'refit-letter-'));
    cleanups.push(() => rmSync(folder, { recursive: true }));
    const file = join(folder, 'body');
    const { output } = await letters(['show', 'abc', '--output', file], shown(Uint8Array.of(0, 255, 10)));
    expect([output, readFileSync(file)]).toEqual([[`✓ 3 bytes written to ${file}`], Buffer.from([0, 255, 10])]);
    expect(await letters(['show', 'abc', '--output', folder], shown('x'))).toMatchObject({ code: 1, errors: [expect.stringContaining('(EISDIR)')] });
  });

  it('writes the original bytes and nothing else', async () => {
    const { output, written } = await letters(['show', 'abc', '--raw'], shown(Uint8Array.of(0, 255, 10)));
    expect([output, Buffer.concat(written)]).toEqual([[], Buffer.from([0, 255, 10])]);
  });

  it.each([
    ['Body, its first 3 bytes', 'abc', { truncated: true }],
    ['Body of 40,000 bytes, deleted when the letter was discarded', '', { bodyHash: 'x', bodyBytes: 40_000 }],
    ['Empty body', '', {}],
  ])('says %j', async (title, body, more) => {
    expect((await letters(['show', 'abc'], shown(body, more))).output).toContain(title);
  });
});

describe('dead-letters retry', () => {
  const handlers = (retried: string[]): TestHandlers => ({
    listDeadLetters: ({ pageToken }) => (pageToken === '' ? { letters: [letter('c'), letter('b')], nextPageToken: 'x' } : { letters: [letter('a')] }),
    retryDeadLetter: ({ letterId }) => {
      retried.push(letterId);
      if (letterId === 'b') return { letterId, succeeded: false, reason: 'no such file' };
      return { letterId, succeeded: true, verdicts: [{ pipeline: 'flights', judged: { verdict: Verdict.QUEUED, why: 'It waits for its turn.' } }] };
    },
  });

  it('says what each pipeline makes of it', async () => {
    const { code, output } = await letters(['retry', 'a', 'c'], handlers([]));
    expect([code, output]).toEqual([0, ['✓ letter a was taken', '  flights: queued — It waits for its turn.', '✓ letter c was taken', '  flights: queued — It waits for its turn.']]);
  });

  it('takes all, the oldest first, and says which failed again', async () => {
    const retried: string[] = [];
    const { code, output } = await letters(['retry', '--all', '--code', 'DATASET_NOT_FOUND'], handlers(retried));
    expect([code, retried]).toEqual([1, ['a', 'b', 'c']]);
    expect(output).toContain('✗ letter b failed again: no such file');
  });

  it.each([[[]], [['a', '--all']], [['a', '--code', 'DISK_FULL']]])('%j is bad usage', async (args) => {
    for (const command of ['retry', 'discard']) expect(await letters([command, ...args], handlers([]))).toMatchObject({ code: 64, errors: [expect.stringContaining('USAGE_INVALID')] });
  });
});

describe('an error code that there is not', () => {
  it.each([[['list']], [['retry', '--all']], [['discard', '--all']]])('is refused by %j, with the one that was meant', async (command) => {
    expect(await letters([...command, '--code', 'DATASET_NOTFOUND'], {})).toMatchObject({ code: 64, errors: [expect.stringContaining('Did you mean "DATASET_NOT_FOUND"?')] });
    expect((await letters([...command, '--code', 'FOO'], {})).errors[0]).toContain('Such as: DATA_FILE_NOT_FOUND');
  });
});

describe('dead-letters discard', () => {
  it('sets letters aside, or all that are asked for', async () => {
    const asked: object[] = [];
    const handlers: TestHandlers = {
      discardDeadLetter: ({ letterId, reason }) => {
        asked.push({ letterId, reason });
        return {};
      },
      discardDeadLetters: ({ code, reason }) => {
        asked.push({ code, reason });
        return { discarded: code === '' ? 0 : 7 };
      },
    };
    expect((await letters(['discard', 'a', 'b', '--reason', 'noise'], handlers)).output).toEqual(['✓ letter a discarded; the log keeps it', '✓ letter b discarded; the log keeps it']);
    expect((await letters(['discard', '--all', '--code', 'CLOUD_EVENT_INVALID'], handlers)).output).toEqual(['✓ 7 letters discarded; the log keeps them']);
    expect((await letters(['discard', '--all'], handlers)).output).toEqual(['No such letters are parked.']);
    expect(asked).toEqual([{ letterId: 'a', reason: 'noise' }, { letterId: 'b', reason: 'noise' }, { code: 'CLOUD_EVENT_INVALID', reason: '' }, { code: '', reason: '' }]);
  });

  it('says when there is no such letter', async () => {
    const handlers: TestHandlers = {
      discardDeadLetter: () => {
        throw new RefitError('DEAD_LETTER_NOT_FOUND', 'there is none');
      },
    };
    expect(await letters(['discard', 'a'], handlers)).toMatchObject({ code: 1, errors: ['error DEAD_LETTER_NOT_FOUND: there is none'] });
  });
});
