import { isUtf8 } from 'node:buffer';
import { createReadStream, createWriteStream } from 'node:fs';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';

const lineFeed = 10;

/** What stands in the copy for a line that is no UTF-8: nothing that any format takes for a row. */
const mask = Buffer.from('\uFFFD');

/** Copies a file of lines, with those masked that are no UTF-8; how many there are. */
export async function maskInvalidLines(path: string, target: string): Promise<number> {
  let masked = 0;
  let begun: Buffer[] = [];
  const whole = (line: Buffer) => {
    if (isUtf8(line)) return line;
    masked++;
    return mask;
  };
  const lines = new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      const parts: Buffer[] = [];
      let from = 0;
      for (let at = chunk.indexOf(lineFeed); at !== -1; at = chunk.indexOf(lineFeed, from)) {
        parts.push(whole(Buffer.concat([...begun, chunk.subarray(from, at)])), Buffer.of(lineFeed));
        begun = [];
        from = at + 1;
      }
      begun.push(chunk.subarray(from));
      done(null, Buffer.concat(parts));
    },
    flush: (done) => done(null, whole(Buffer.concat(begun))),
  });
  await pipeline(createReadStream(path, { highWaterMark: 1_048_576 }), lines, createWriteStream(target));
  return masked;
}
