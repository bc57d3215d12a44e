import { afterEach, describe, expect, it } from 'vitest';
import { noRoutes, openHttp, type HttpFront } from './http-front.js';
import type { HealthReport } from './process-health.js';

const open: HttpFront[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((front) => front.close()));
});

let status: HealthReport['status'] = 'ok';
async function start(port = 0): Promise<HttpFront> {
  const front = await openHttp('127.0.0.1', port, () => Promise.resolve({ status, why: status === 'ok' ? [] : ['on purpose'], services: ['training'] }));
  open.push(front);
  return front;
}
async function get(front: HttpFront, path: string) {
  const response = await fetch(`http://127.0.0.1:${front.port}${path}`);
  return { status: response.status, body: (await response.json()) as unknown };
}

describe('the HTTP address of a process', () => {
  it.each([['ok', 200], ['starting', 503], ['unwell', 503], ['stopping', 503]] as const)('tells that it is %s with %d', async (said, code) => {
    status = said;
    const front = await start();
    expect(await get(front, '/healthz')).toMatchObject({ status: code, body: { status: said } });
  });

  it('hands everything else to the service once it is up, and refuses it before and at the end', async () => {
    const front = await start();
    expect(await get(front, '/events')).toMatchObject({ status: 503, body: { message: 'Refit is starting; try again in a moment' } });
    front.serve((request, response) => response.end(JSON.stringify({ asked: request.url })));
    expect(await get(front, '/events')).toEqual({ status: 200, body: { asked: '/events' } });
    await front.drain();
    expect(await get(front, '/events')).toMatchObject({ status: 503, body: { message: 'Refit is stopping; try again in a moment' } });
  });

  it('waits at the end for an answer that is on its way', async () => {
    const front = await start();
    const asked = Promise.withResolvers<void>();
    front.serve((_request, response) => {
      asked.resolve();
      setTimeout(() => response.end('{"late": true}'), 50);
    });
    const answer = get(front, '/events');
    await asked.promise;
    await front.drain();
    await front.close();
    expect(await answer).toEqual({ status: 200, body: { late: true } });
  });

  it('says what there is where the service has no routes', async () => {
    const front = await start();
    front.serve(noRoutes);
    expect(await get(front, '/events')).toMatchObject({ status: 404, body: { message: 'nothing answers GET /events here; there is GET /healthz' } });
  });

  it('that is taken is told', async () => {
    const { port } = await start();
    await expect(start(port)).rejects.toMatchObject({ code: 'PORT_TAKEN', message: expect.stringContaining(`127.0.0.1:${port}`) as string });
  });
});
