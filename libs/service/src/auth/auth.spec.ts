import 'reflect-metadata';
import { Client, credentials, Metadata, status, type ServiceError } from '@grpc/grpc-js';
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { Controller, Get, Module, type INestApplication } from '@nestjs/common';
import { GrpcMethod } from '@nestjs/microservices';
import { embeddedBus } from '@refit/bus/embedded';
import { AdminService, CancelRunRequestSchema, CancelRunResponseSchema } from '@refit/contracts';
import { pino } from 'pino';
import { afterEach, describe, expect, it } from 'vitest';
import { GrpcHost } from '../grpc/grpc-host.js';
import type { RefitConfig, Runtime } from '../runtime.js';
import { startService } from '../start-service.js';
import { ownerOf, tokenHash, type Operator } from './operators.js';

const alice: Operator = { name: 'alice', tokenSha256: tokenHash('open-sesame') };
const token = 'open-sesame';

@Controller()
class AskedController {
  @Get('who')
  who() {
    return { answer: 42 };
  }
  @Get('healthz')
  health() {
    return { status: 'ok' };
  }
  /** Answers with who is said to ask. */
  @GrpcMethod('AdminService', 'CancelRun')
  cancel(request: { actor: string }) {
    return { runId: request.actor };
  }
}
@Module({ controllers: [AskedController] })
class AskedModule {}

describe('who a bearer token belongs to', () => {
  it.each([undefined, '', 'Bearer', 'Bearer ', `Basic ${token}`, 'Bearer other', `Bearer ${alice.tokenSha256}`, `Bearer ${token} more`])('%j: nobody', (header) => {
    expect(ownerOf([alice], header)).toBeUndefined();
  });

  it('the operator with its hash, however "bearer" is spelled', () => {
    expect(ownerOf([{ name: 'bob', tokenSha256: tokenHash('b') }, alice], `bearer ${token}`)).toBe(alice);
  });

  it('is the SHA-256 of it', () => {
    // NIST FIPS 180-2, appendix B.1
    expect(tokenHash('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });
});

describe('a service whose operators are named', () => {
  const closing: (() => unknown)[] = [];
  afterEach(async () => {
    for (const close of closing.splice(0).toReversed()) await close();
  });

  async function start(operators: readonly Operator[]) {
    const logger = pino({ level: 'silent' });
    const config = { operators } as Partial<RefitConfig> as RefitConfig; // all that the guard reads
    const runtime = { config, bus: embeddedBus({ logger }), logger } as Partial<Runtime> as Runtime;
    const grpc = new GrpcHost();
    const app: INestApplication = await startService({ name: 'asked', module: AskedModule, grpc: [AdminService] }, runtime, grpc);
    closing.push(() => app.close(), () => grpc.close());
    await app.listen(0, '127.0.0.1');
    const client = new Client(`127.0.0.1:${await grpc.listen('127.0.0.1', 0)}`, credentials.createInsecure(), { 'grpc.enable_http_proxy': 0 });
    closing.push(() => client.close());
    return { url: await app.getUrl(), cancel: (metadata: Metadata) => cancelRun(client, metadata) };
  }

  it('answers 401 without a token, and with it as ever', async () => {
    const { url } = await start([alice]);
    const refused = await fetch(`${url}/who`);
    expect([refused.status, ((await refused.json()) as { code: string }).code]).toEqual([401, 'UNAUTHENTICATED']);
    const answered = await fetch(`${url}/who`, { headers: { authorization: `Bearer ${token}` } });
    expect(await answered.json()).toEqual({ answer: 42 });
  });

  it('tells everybody whether it is well', async () => {
    const { url } = await start([alice]);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
  });

  it('refuses a call without a token, and takes the actor from the token, not from the request', async () => {
    const { cancel } = await start([alice]);
    await expect(cancel(new Metadata())).rejects.toMatchObject({ code: status.UNAUTHENTICATED });
    const metadata = new Metadata();
    metadata.set('authorization', `Bearer ${token}`);
    expect(await cancel(metadata)).toBe('alice');
  });

  it('asks nobody where none are named', async () => {
    const { url, cancel } = await start([]);
    expect((await fetch(`${url}/who`)).status).toBe(200);
    expect(await cancel(new Metadata())).toBe('mallory');
  });
});

const cancelRun = (client: Client, metadata: Metadata) =>
  new Promise<string>((resolve, reject) => {
    const request = create(CancelRunRequestSchema, { runId: 'r', actor: 'mallory' });
    client.makeUnaryRequest(
      '/refit.admin.v1.AdminService/CancelRun',
      (message: typeof request) => Buffer.from(toBinary(CancelRunRequestSchema, message)),
      (bytes: Buffer) => fromBinary(CancelRunResponseSchema, bytes),
      request, metadata,
      (error: ServiceError | null, answer) => (error ? reject(error) : resolve(answer?.runId ?? '')),
    );
  });
