import type { Readable } from 'node:stream';

/** A request's body: whole, or when it is longer its beginning, a little over the limit. */
export async function readBody(request: Readable, limit: number): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let length = 0;
  // Not destroyed on the way out: the answer still has to go through its socket.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) { // no encoding was set
    chunks.push(chunk);
    length += chunk.byteLength;
    if (length > limit) break;
  }
  request.resume(); // the rest, if any, is thrown away
  return Buffer.concat(chunks);
}
