import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ErrorCode } from '@refit/contracts';
import { refusal } from '../../support/refusal.ts';
import { refit, RefitProcess } from '../../support/refit-process.ts';
import { pipelineText } from '../../support/shop-data.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const { folder, write } = temporaryFolder('names');
let server: RefitProcess;
beforeAll(async () => {
  server = await RefitProcess.start(folder);
  await server.run('apply', write('shop.yaml', pipelineText));
}, 60_000);
afterAll(() => server.stop());

describe('a name that nothing has', () => {
  it.each<readonly [string, readonly string[], ErrorCode, RegExp]>([
    ['of a pipeline to run', ['run', 'shopp'], 'PIPELINE_NOT_FOUND', /there is no pipeline "shopp"\. Did you mean "shop"\? Otherwise apply its file first: refit apply FILE/],
    ['of a pipeline to run and wait for', ['run', 'warehouse', '--wait'], 'PIPELINE_NOT_FOUND', /there is no pipeline "warehouse"; apply its file first: refit apply FILE/],
    ['of a pipeline to pause', ['pause', 'shopp'], 'PIPELINE_NOT_FOUND', /Did you mean "shop"/],
    ['of a pipeline to resume', ['resume', 'shopp'], 'PIPELINE_NOT_FOUND', /Did you mean "shop"/],
    ['of a pipeline that decays', ['decay', 'shopp', '--severity', 'high'], 'PIPELINE_NOT_FOUND', /Did you mean "shop"/],
    ['of a pipeline whose reasons are asked for', ['reasons', 'shopp'], 'PIPELINE_NOT_FOUND', /Did you mean "shop"/],
    ['of a pipeline whose runs are asked for', ['runs', '--pipeline', 'shopp'], 'PIPELINE_NOT_FOUND', /Did you mean "shop"/],
    ['of a pipeline whose alerts are asked for', ['alerts', '--pipeline', 'shopp'], 'PIPELINE_NOT_FOUND', /Did you mean "shop"/],
    ['of a dataset', ['data', 'arrive', 'shopp', '/data.csv'], 'DATASET_NOT_FOUND', /no pipeline reads the dataset "shopp"; known: shop/],
    ['of a run', ['show', '0190ffff'], 'RUN_NOT_FOUND', /there is no run 0190ffff; see `refit runs`/],
    ['of a run, which cannot be one', ['cancel', 'the-last'], 'REQUEST_INVALID', /"the-last" is not a run id or the beginning of one; see `refit runs`/],
    ['of a model', ['promote', 'shop', '1'], 'MODEL_NOT_FOUND', /there is no model shop; see `refit models`/],
    ['of a dead letter', ['dead-letters', 'show', 'feed'], 'DEAD_LETTER_NOT_FOUND', /no dead letter whose id begins with feed; see `refit dead-letters --all`/],
    ['of a file to apply', ['apply', 'none.yaml'], 'REQUEST_INVALID', /cannot read the pipeline file .*none\.yaml \(ENOENT\): check its path/],
  ])('%s is refused: what is not there, and how to go on', async (_name, args, code, telling) => {
    expect(await server.run(...args)).toEqual(refusal(code, telling));
  });

  it('is told to programs as JSON, with the same exit code', async () => {
    const { exitCode, stdout, stderr } = await server.command('run', 'shopp', '--json');
    expect({ exitCode, stderr, answer: JSON.parse(stdout) }).toEqual({
      exitCode: 1, stderr: '', answer: { error: { code: 'PIPELINE_NOT_FOUND', message: expect.stringContaining('Did you mean "shop"?'), details: [] } },
    });
  });

  it('in a decay that comes over HTTP is answered 404, and the message kept', async () => {
    const body = JSON.stringify({ specversion: '1.0', type: 'refit.decay.detected.v1', source: '/monitor', id: '1', data: { pipeline: 'shopp', severity: 'high' } });
    expect(await server.post(body)).toMatchObject({ status: 404, body: { code: 'PIPELINE_NOT_FOUND', message: expect.stringContaining('Did you mean "shop"?'), letterId: expect.any(String) } });
  });
});

describe('a command line that cannot be meant', () => {
  it.each([
    ['has an unknown command', ['rnu', 'shop'], /unknown command 'rnu'[\s\S]*Did you mean run/],
    ['has an unknown option', ['runs', '--stauts', 'open'], /unknown option '--stauts'[\s\S]*Did you mean --status/],
    ['lacks an argument', ['run'], /missing required argument 'pipeline'/],
    ['lacks an option', ['decay', 'shop'], /required option '--severity <severity>' not specified/],
    ['has a wrong number', ['promote', 'shop', 'latest'], /Expected a whole number from 1/],
  ] as const)('because it %s ends with 64 and says so', async (_name, args, telling) => {
    expect(await server.run(...args)).toMatchObject({ exitCode: 64, stdout: '', stderr: expect.stringMatching(telling) });
  });
});

it('a command line that names no server or a port that cannot be ends with 64 too', async () => {
  expect(await refit(['runs', '--server', 'somewhere'])).toMatchObject({ exitCode: 64, stdout: '', stderr: expect.stringMatching(/Expected HOST:PORT, such as 127\.0\.0\.1:7410/) });
  expect(await refit(['up', '--port', '70000'])).toMatchObject({ exitCode: 64, stdout: '', stderr: expect.stringMatching(/--port: expected a port, 0 to 65535; found 70000/) });
});

describe('a server that does not answer', () => {
  const howToStart = /no Refit server answers at 127\.0\.0\.1:\d+ \(REFIT_SERVER\)\. Start one with \.\/refit up, or with npm start/;

  it('because none is there is told with how to start one', async () => {
    expect(await refit(['runs'], { server: '127.0.0.1:1' })).toEqual(refusal('SERVER_UNREACHABLE', howToStart));
  });

  it('because something else is there is told the same', async () => {
    const stranger = createServer((socket) => socket.end('220 ready\r\n')).listen(0, '127.0.0.1');
    await once(stranger, 'listening');
    try {
      const { port } = stranger.address() as AddressInfo; // of a listening TCP server
      expect(await refit(['runs'], { server: `127.0.0.1:${port}` })).toEqual(refusal('SERVER_UNREACHABLE', howToStart));
    } finally {
      stranger.close();
    }
  });
});

it('what was refused has left nothing in the log but the message that was kept', async () => {
  const { stdout } = await server.run('events', '--json');
  expect(stdout.trim().split('\n').map((line) => (JSON.parse(line) as { type: string }).type)).toEqual(['refit.pipeline.v1.PipelineApplied', 'refit.trigger.v1.DeadLetterParked']);
});
