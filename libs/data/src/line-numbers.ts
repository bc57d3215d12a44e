import { createReadStream } from 'node:fs';

const lineFeed = 10;
const carriageReturn = 13;

/**
 * The lines, counted from 1, on which the records at these byte positions begin. A position on a line break belongs to
 * the record after it.
 *
 * @param positions ascending
 */
export async function linesAt(path: string, positions: readonly number[]): Promise<readonly number[]> {
  const lines: number[] = [];
  const last = positions.at(-1);
  if (last === undefined) return lines;
  let offset = 0;
  let line = 1;
  for await (const chunk of createReadStream(path, { end: last + 2 })) {
    const bytes = chunk as Buffer; // a stream without an encoding gives buffers
    for (let i = 0; i < bytes.length; i++) {
      const next = positions[lines.length];
      const byte = bytes[i];
      if (next !== undefined && offset + i >= next && byte !== lineFeed && byte !== carriageReturn) lines.push(line);
      if (byte === lineFeed) line++;
    }
    offset += bytes.length;
  }
  return lines;
}
