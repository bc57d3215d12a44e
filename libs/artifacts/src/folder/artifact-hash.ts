import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { RefitError } from '@refit/contracts';

/** Hashed in one go: about two milliseconds. */
const chunkBytes = 2 * 1024 * 1024;

/** Nothing else becomes part of a path. @throws RefitError REQUEST_INVALID */
export function assertHash(hash: string): void {
  if (/^[0-9a-f]{64}$/.test(hash)) return;
  throw new RefitError('REQUEST_INVALID', `${JSON.stringify(String(hash).slice(0, 80))} is not the hash of an artifact: expected 64 digits of 0-9 and a-f`);
}

/** SHA-256, as hex, of bytes of any length, without holding the event loop. */
export async function hashBytes(bytes: Uint8Array): Promise<string> {
  const hash = createHash('sha256');
  for (let start = 0; start < bytes.length; start += chunkBytes) {
    if (start > 0) await nextTurn();
    hash.update(bytes.subarray(start, start + chunkBytes));
  }
  return hash.digest('hex');
}

/** SHA-256, as hex, and length of a file's bytes, which are never in memory as a whole. */
export async function hashFile(path: string): Promise<{ hash: string; bytes: number }> {
  const hash = createHash('sha256');
  let bytes = 0;
  // Without an encoding a stream of a file yields buffers.
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 }) as AsyncIterable<Buffer>) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  return { hash: hash.digest('hex'), bytes };
}
