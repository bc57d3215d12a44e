import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RefitProcess } from '../../support/refit-process.ts';
import { dayCsv, pipelineText } from '../../support/shop-data.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const { folder, write } = temporaryFolder('ragged');
let server: RefitProcess;
beforeAll(async () => {
  server = await RefitProcess.start(folder);
  await server.run('apply', write('shop.yaml', pipelineText));
}, 60_000);
afterAll(() => server.stop());

/** A day with these lines (from 1, the header being line 1) changed. */
const dayWith = (day: number, changes: Readonly<Record<number, (line: string) => string>>) =>
  dayCsv(day).split('\n').map((line, i) => changes[i + 1]?.(line) ?? line).join('\n');
const oneMore = (line: string) => `${line},one more`;
const cut = (line: string) => line.split(',').slice(0, 2).join(',');
const openQuote = (line: string) => line.replace(/,([A-Z])/, ',"$1"x');

interface Run {
  readonly runId: string;
}
interface Event {
  readonly type: string;
  readonly data: { readonly newBatches?: readonly { readonly malformedRows?: number; readonly malformedLines?: readonly number[] }[] };
}

/** Announces a file and waits for its run. */
async function deliver(file: string) {
  await server.run('data', 'arrive', 'shop', file);
  const { runs: [run] } = await server.json<{ runs: readonly [Run] }>('runs', '--limit', '1');
  const { exitCode } = await server.run('watch', run.runId);
  const { stdout: shown } = await server.run('show', run.runId);
  const { stdout: log } = await server.run('events', `run-${run.runId}`, '--json');
  const ingested = log.trim().split('\n').map((line) => JSON.parse(line) as Event).find(({ type }) => type === 'refit.run.v1.DataIngested');
  return { exitCode, shown, ingested: ingested?.data.newBatches?.[0] };
}

describe('a CSV with rows that have not the fields of its header', { timeout: 60_000 }, () => {
  it('is taken without them when they are few; their lines are in the log and shown', async () => {
    const { exitCode, shown, ingested } = await deliver(write('day-1.csv', dayWith(1, { 10: oneMore, 20: cut })));
    expect(exitCode).toBe(0);
    expect(ingested).toMatchObject({ malformedRows: 2, malformedLines: [10, 20] });
    expect(shown).toMatch(/✓ ingest .* day-1 \(without 2 malformed rows, lines 10, 20\); window of 1 batch, 398 rows/);
    expect(shown).toMatch(/! day-1: 2 rows malformed and left out \(0\.5 %; lines 10, 20\), allowed 1\.0 %/);
  });

  it('is refused by the data gate when they are many, with the first lines', async () => {
    const everyTenth = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [10 * i + 3, i % 2 ? oneMore : cut]));
    const { exitCode, shown, ingested } = await deliver(write('day-2.csv', dayWith(2, everyTenth)));
    expect(exitCode).toBe(2);
    expect(ingested).toMatchObject({ malformedRows: 40, malformedLines: [3, 13, 23, 33, 43] });
    expect(shown).toMatch(/✗ day-2: 40 rows malformed and left out \(10\.0 %; lines 3, 13, 23, 33, 43, …\), allowed 1\.0 %/);
    expect(shown).toMatch(/Left out until delivered again: day-2/);
  });

  it('is taken when it is delivered again, mended', async () => {
    const { exitCode, shown, ingested } = await deliver(write('day-2.csv', dayCsv(2)));
    expect([exitCode, ingested?.malformedRows]).toEqual([0, undefined]);
    expect(shown).toMatch(/✓ registered/);
  });

  it('counts lines by the file, also after line breaks in quotes', async () => {
    const twoLines = (line: string) => line.replace(/,([A-Z][^,]*)/, ',"$1\n"');
    const { ingested } = await deliver(write('day-3.csv', dayWith(3, { 5: twoLines, 10: cut, 15: openQuote })));
    expect(ingested).toMatchObject({ malformedRows: 2, malformedLines: [11, 16] });
  });
});
