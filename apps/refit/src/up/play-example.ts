import { RefitError } from '@refit/contracts';
import { connect } from '../client/index.js';
import { playFlights } from '../examples/flights/flights-example.js';
import type { RefitSystem } from './system.js';

/** Plays an example against a running system, as a client of its public interfaces. @throws RefitError REQUEST_INVALID */
export async function playExample(name: string, system: RefitSystem, tell: (remark: string) => void, signal: AbortSignal): Promise<void> {
  if (name !== 'flights') throw new RefitError('REQUEST_INVALID', `there is no example “${name}”; there is: flights`);
  const { host } = system.runtime.config;
  const address = host.includes(':') ? `[${host}]` : host;
  const client = connect(`${address}:${system.grpcPort}`);
  try {
    const apply = async (fileName: string, text: string, baseDirectory: string) => {
      await client.admin.applyPipeline({ fileName, text, baseDirectory, actor: 'example' });
    };
    await playFlights(system, `http://${address}:${system.httpPort}/events`, apply, tell, signal);
  } finally {
    client.close();
  }
}
