import { RefitError } from '@refit/contracts';
import { beforeEach, describe, expect, it } from 'vitest';
import { whenReachable, type Waiting } from './when-reachable.js';

let told: string[];
let waits: (string | undefined)[];
let stopping: AbortController;
let waiting: Waiting;
beforeEach(() => {
  told = [];
  waits = [];
  stopping = new AbortController();
  const tell = (_fields: unknown, message = '') => void told.push(message);
  waiting = { logger: { info: tell, warn: tell } as Waiting['logger'], signal: stopping.signal, onWaiting: (_what, why) => waits.push(why) };
});

/** Away for a number of tries. */
function away(times: number, error: Error = new RefitError('STORE_UNAVAILABLE', 'no answer')): () => Promise<string> {
  let left = times;
  return () => (left-- > 0 ? Promise.reject(error) : Promise.resolve('there'));
}

describe('what is on another machine', () => {
  it('is waited for, which is said once, and that it is over', async () => {
    expect(await whenReachable('KurrentDB', away(2), waiting)).toBe('there');
    expect(told).toEqual(['waiting for KurrentDB: no answer', 'KurrentDB is there']);
    expect(waits).toEqual(['waiting for KurrentDB: no answer', 'waiting for KurrentDB: no answer', undefined]);
  });

  it('costs no word when it is there', async () => {
    await whenReachable('KurrentDB', away(0), waiting);
    expect(told).toEqual([]);
  });

  it('is not waited for when that does not help', async () => {
    const error = new RefitError('STORE_CORRUPT', 'damaged');
    await expect(whenReachable('the log', away(1, error), waiting)).rejects.toBe(error);
  });

  it('is waited for no longer than the process lives', async () => {
    const waited = whenReachable('KurrentDB', away(Number.POSITIVE_INFINITY), waiting);
    stopping.abort(new Error('stopped'));
    await expect(waited).rejects.toThrow('stopped');
  });
});
