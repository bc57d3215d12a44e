import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { INestApplication } from '@nestjs/common';
import { RefitError } from '@refit/contracts';

/** Serves a Nest application's HTTP routes at an address. @throws RefitError PORT_TAKEN */
export async function openHttp(app: INestApplication, host: string, port: number): Promise<{ port: number; close(): Promise<void> }> {
  const server = createServer(app.getHttpAdapter().getInstance() as RequestListener); // express applications are listeners
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => reject(new RefitError('PORT_TAKEN', `HTTP cannot listen on ${host}:${port} (${(cause as NodeJS.ErrnoException).code}): is another Refit running there? Choose another with --port`, { cause })));
    server.listen(port, host, resolve);
  });
  return { port: (server.address() as AddressInfo).port, close: () => close(server) }; // a listening TCP server's address
}

const close = (server: Server) =>
  new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
    setTimeout(() => server.closeAllConnections(), 500).unref();
  });
