import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { create } from '@bufbuild/protobuf';
import { Metadata, status } from '@grpc/grpc-js';
import { isRefitError, RefitError, WatchRunsResponseSchema } from '@refit/contracts';
import { afterEach, describe, expect, it } from 'vitest';
import { connect, type RefitClient } from './connect.js';
import { startTestServer, type TestServer } from './testing/test-server.js';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function connected(handlers: Parameters<typeof startTestServer>[0]): Promise<{ client: RefitClient; server: TestServer }> {
  const server = await startTestServer(handlers);
  const client = connect(server.address);
  cleanups.push(() => server.stop(), () => client.close());
  return { client, server };
}

const failure = (promise: Promise<unknown>) => promise.then(() => expect.fail('it did not fail'), (error: unknown) => error);

describe('a client', () => {
  it('sends a request and returns the answer', async () => {
    const { client } = await connected({ getPipeline: ({ name }) => ({ pipeline: { version: 3, spec: { name } } }) });
    expect((await client.admin.getPipeline({ name: 'flights' })).pipeline).toMatchObject({ version: 3, spec: { name: 'flights' } });
  });

  it('reads a stream to its end', async () => {
    const { client } = await connected({
      async *watchRuns() {
        for (const runId of ['a', 'b']) yield create(WatchRunsResponseSchema, { run: { runId } });
      },
    });
    const seen: string[] = [];
    for await (const { run } of client.admin.watchRuns({})) seen.push(run?.runId ?? '');
    expect(seen).toEqual(['a', 'b']);
  });

  it('ends a stream that is aborted, here and on the server', async () => {
    const { client, server } = await connected({
      async *watchRuns(_, signal) {
        yield create(WatchRunsResponseSchema, { run: { runId: 'a' } });
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
      },
    });
    const controller = new AbortController();
    for await (const _ of client.admin.watchRuns({}, { signal: controller.signal })) controller.abort();
    await server.idle();
    expect(controller.signal.aborted).toBe(true);
  });

  it('throws the error that the server threw, with all its places', async () => {
    const details = Array.from({ length: 50 }, (_, i) => ({ file: 'flights.yaml', line: i + 1, column: 3, message: `dataGate.psi.warning: expected a number above 0, found “${'x'.repeat(120)}”` }));
    const { client } = await connected({
      applyPipeline: () => {
        throw new RefitError('PIPELINE_FILE_INVALID', 'flights.yaml has 50 faults', { details });
      },
    });
    const error = await failure(client.admin.applyPipeline({ text: '' }));
    expect(isRefitError(error, 'PIPELINE_FILE_INVALID')).toBe(true);
    expect(error).toMatchObject({ message: 'flights.yaml has 50 faults', details });
  });

  it('throws the error of a stream too', async () => {
    const { client } = await connected({
      async *readEvents() {
        yield* [];
        throw new RefitError('STREAM_NAME_INVALID', 'no stream may be called "$all"');
      },
    });
    const error = await failure(client.admin.readEvents({ stream: '$all' }).next());
    expect(error).toMatchObject({ code: 'STREAM_NAME_INVALID' });
  });

  it('keeps the name of a code that it does not know', async () => {
    const metadata = new Metadata();
    metadata.set('refit-error-bin', Buffer.from(JSON.stringify({ code: 'QUOTA_EXCEEDED', message: 'too much' })));
    const { client } = await connected({
      listRuns: () => {
        throw Object.assign(new Error('too much'), { code: status.RESOURCE_EXHAUSTED, metadata });
      },
    });
    expect(await failure(client.admin.listRuns({}))).toMatchObject({ code: 'INTERNAL', message: 'QUOTA_EXCEEDED: too much' });
  });

  it('says how to start a server where none is', async () => {
    const client = connect('127.0.0.1:1');
    cleanups.push(() => client.close());
    const error = await failure(client.admin.listRuns({}));
    expect(error).toMatchObject({ code: 'SERVER_UNREACHABLE' });
    expect((error as Error).message).toMatch(/127\.0\.0\.1:1.*\.\/refit up.*npm start/);
  });

  it.each([
    [{ services: ['trigger'], instanceName: 'trigger-2', grpcPort: 7410 }, 'That is the HTTP port of trigger-2; its gRPC address is 127.0.0.1:7410.'],
    [{ services: ['training'] }, 'That is the HTTP port of training, which answers no gRPC.'],
    [{ services: ['trigger', 'registry'], grpcPort: 7410 }, 'That is the HTTP port of a Refit; its gRPC address is 127.0.0.1:7410.'],
    ['hello', 'Something that speaks HTTP is there, not gRPC.'],
  ])('recognises an HTTP port (%j)', async (health, says) => {
    const http = createServer((_request, response) => response.end(JSON.stringify(health)));
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    const client = connect(`127.0.0.1:${(http.address() as AddressInfo).port}`); // of a listening TCP server
    cleanups.push(() => client.close(), () => http.closeAllConnections(), () => http.close());
    expect(await failure(client.admin.listRuns({}))).toMatchObject({ code: 'SERVER_UNREACHABLE', message: expect.stringContaining(says) });
  });

  it('asks each service at its own address, and says what gave that', async () => {
    const { server } = await connected({ listRuns: () => ({}) });
    const client = connect({ admin: { address: server.address }, registry: { address: '127.0.0.1:1', from: 'REFIT_REGISTRY' } });
    cleanups.push(() => client.close());
    expect((await client.admin.listRuns({})).runs).toEqual([]);
    expect(await failure(client.registry.listModels({}))).toMatchObject({ code: 'SERVER_UNREACHABLE', message: expect.stringMatching(/at 127\.0\.0\.1:1 \(REFIT_REGISTRY\).*--registry/) });
  });

  it('says that a server is of another kind', async () => {
    const { client } = await connected({});
    expect(await failure(client.admin.listRuns({}))).toMatchObject({ code: 'INTERNAL', message: expect.stringContaining('has no ListRuns') });
  });
});
