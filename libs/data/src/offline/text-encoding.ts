import { isAscii, isUtf8 } from 'node:buffer';
import { createReadStream, createWriteStream } from 'node:fs';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { RefitError } from '@refit/contracts';

const chunkBytes = 1_048_576;

/**
 * The encoding of a text file, as the Encoding Standard names it: by its byte order mark, by the zeros of UTF-16, else
 * UTF-8 where all of it is, or where some of it can be nothing else (the rest is damage), else Windows-1252, of which
 * Latin-1 is a part and in which every byte means something. A Parquet file is no text, and needs no other encoding.
 */
export async function detectEncoding(path: string, signal?: AbortSignal): Promise<string> {
  let first = true;
  let isOther = false;
  for await (const part of createReadStream(path, { highWaterMark: chunkBytes, ...(signal && { signal }) })) {
    const chunk = part as Buffer; // a stream without an encoding gives buffers
    const marked = first ? markedEncoding(chunk) : undefined;
    if (marked !== undefined) return marked;
    first = false;
    if (isAscii(chunk)) continue;
    const whole = withoutCutEnds(chunk);
    if (isUtf8(whole)) return 'utf-8';
    if (hasMultibyte(whole)) return 'utf-8';
    isOther = true;
  }
  return isOther ? 'windows-1252' : 'utf-8';
}

function markedEncoding(head: Buffer): string | undefined {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  const sample = head.subarray(0, 512);
  const zeros = (offset: number) => sample.filter((byte, i) => i % 2 === offset && byte === 0).length;
  if (head.subarray(0, 4).toString('latin1') === 'PAR1') return 'utf-8';
  if (sample.length < 4) return undefined;
  if (zeros(1) > sample.length / 4 && zeros(0) === 0) return 'utf-16le';
  return zeros(0) > sample.length / 4 && zeros(1) === 0 ? 'utf-16be' : undefined;
}

/** Without the bytes at either end that may be parts of a character. */
function withoutCutEnds(chunk: Buffer): Buffer {
  const isContinuation = (byte: number | undefined) => byte !== undefined && (byte & 0xc0) === 0x80;
  let [from, until] = [0, chunk.length];
  while (from < 3 && isContinuation(chunk[from])) from++;
  for (let back = 1; back <= 3; back++) {
    const byte = chunk[chunk.length - back] ?? 0;
    if (byte >= 0xc0) until = chunk.length - back;
    if (byte >= 0xc0 || byte < 0x80) break;
  }
  return chunk.subarray(from, until);
}

/** Whether some bytes are a character of several bytes in UTF-8, as those of other encodings hardly ever are. */
const hasMultibyte = (bytes: Buffer): boolean => /[\u0080-\uFFFC]/u.test(new TextDecoder().decode(bytes));

/**
 * Writes a text file again in UTF-8; bytes that mean nothing become U+FFFD.
 *
 * @throws RefitError REQUEST_INVALID for an encoding that is not known
 */
export async function transcode(path: string, encoding: string, target: string, signal?: AbortSignal): Promise<void> {
  const decoder = decoderOf(encoding);
  const decode = new Transform({
    transform: (chunk: Buffer, _encoding, done) => done(null, decoder.decode(chunk, { stream: true })),
    flush: (done) => done(null, decoder.decode()),
  });
  await pipeline(createReadStream(path, { highWaterMark: chunkBytes }), decode, createWriteStream(target), { ...(signal && { signal }) });
}

function decoderOf(encoding: string): TextDecoder {
  try {
    return new TextDecoder(encoding);
  } catch (cause) {
    throw new RefitError('REQUEST_INVALID', `"${encoding}" is no known encoding; expected one such as utf-8, utf-16le, latin1, windows-1252, shift_jis`, { cause });
  }
}
