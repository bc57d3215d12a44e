import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { RefitError } from '@refit/contracts';
import type { HealthReport } from './process-health.js';

export interface HttpFront {
  readonly port: number;
  /** Hands every request but those for health to a service's HTTP routes. */
  serve(routes: RequestListener): void;
  /** Takes no more requests but those for health; waits a moment for those under way. */
  drain(): Promise<void>;
  close(): Promise<void>;
}

/**
 * The HTTP address of a process: `GET /healthz` at once (200, or 503 with the reason), and the routes of a service when it
 * is up.
 *
 * @throws RefitError PORT_TAKEN
 */
export async function openHttp(host: string, port: number, health: () => Promise<HealthReport>): Promise<HttpFront> {
  let routes = notNow('starting');
  const underWay = new Set<Promise<unknown>>();
  const server = createServer((request, response) => {
    if (isForHealth(request)) return void health().then((report) => answer(response, report.status === 'ok' ? 200 : 503, report));
    const answered = once(response, 'close').finally(() => underWay.delete(answered));
    underWay.add(answered);
    routes(request, response);
  });
  await listen(server, host, port);
  return {
    port: (server.address() as AddressInfo).port, // of a listening TCP server
    serve: (listener) => (routes = listener),
    async drain() {
      routes = notNow('stopping');
      await Promise.race([Promise.allSettled(underWay), sleep(drainMs)]);
    },
    close: () => close(server),
  };
}

const notNow = (phase: string): RequestListener => (_request, response) =>
  answer(response, 503, { code: 'STORE_UNAVAILABLE', message: `Refit is ${phase}; try again in a moment`, details: [] });

/** The routes of a process whose services have none. */
export const noRoutes: RequestListener = (request, response) =>
  answer(response, 404, { code: 'REQUEST_INVALID', message: `nothing answers ${request.method} ${request.url?.slice(0, 200)} here; there is GET /healthz`, details: [] });

const drainMs = 500;

const isForHealth = ({ method, url = '' }: IncomingMessage) => (method === 'GET' || method === 'HEAD') && /^\/healthz(\?|$)/.test(url);

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' }).end(`${JSON.stringify(body)}\n`);
}

async function listen(server: Server, host: string, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => reject(new RefitError('PORT_TAKEN', `HTTP cannot listen on ${host}:${port} (${(cause as NodeJS.ErrnoException).code}): is another Refit running there? Choose another with --port`, { cause })));
    server.listen(port, host, resolve);
  });
}

const close = (server: Server) =>
  new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
    setTimeout(() => server.closeAllConnections(), drainMs).unref();
  });
