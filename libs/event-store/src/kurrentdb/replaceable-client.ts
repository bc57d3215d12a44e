import { KurrentDBClient } from '@kurrent/kurrentdb-client';
import type { KurrentDbAddress } from './connection-string.js';

/**
 * A client, and another in its place when it has failed: the part of it that reads stays dead after one connection in
 * vain, and the part that appends would wait forever for answers on a stream that the server ended.
 */
export class ReplaceableClient {
  readonly address: KurrentDbAddress;
  #current: KurrentDBClient;

  constructor(address: KurrentDbAddress) {
    this.address = address;
    this.#current = KurrentDBClient.connectionString(address.connectionString);
  }

  get current(): KurrentDBClient {
    return this.#current;
  }

  /** Several calls may have failed with the same client. */
  replace(failed: KurrentDBClient): void {
    if (failed !== this.#current) return;
    this.#current = KurrentDBClient.connectionString(this.address.connectionString);
    void failed.dispose();
  }

  async close(): Promise<void> {
    await this.#current.dispose();
  }
}
