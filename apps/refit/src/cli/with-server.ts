import { userInfo } from 'node:os';
import { isRefitError, RefitError } from '@refit/contracts';
import { connect, type RefitClient } from '../client/index.js';
import { findAddresses } from './address/find-addresses.js';
import { findToken } from './find-token.js';
import type { ServerOptions } from './options.js';

/** Does something with a server and closes the connection to it. */
export async function withServer<T>(options: ServerOptions, work: (client: RefitClient) => Promise<T>): Promise<T> {
  const client = connect(findAddresses(options, process.env), findToken(options, process.env));
  try {
    return await work(client);
  } catch (error) {
    if (!isRefitError(error, 'SERVER_UNREACHABLE')) throw error;
    const { runningServices } = await import('./running-services.js');
    throw new RefitError(error.code, [error.message, runningServices()].filter((part) => part !== '').join('. ').replace('.. ', '. '), { cause: error });
  } finally {
    client.close();
  }
}

/** Who asks, as the log records it. */
export function actor(): string {
  try {
    return userInfo().username;
  } catch {
    return 'unknown'; // a user id without a name, in a container
  }
}
