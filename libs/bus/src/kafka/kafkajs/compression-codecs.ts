import { zstdDecompressSync } from 'node:zlib';
import { lz4Decompress, snappyDecompress } from '@platformatic/wasm-utils';
import kafkajs from 'kafkajs';

/**
 * kafkajs reads gzip only, and ends its consumer at the first message that is compressed otherwise; outsiders may
 * compress as they like. Refit itself does not compress.
 */
export function learnCompressions(): void {
  const { CompressionCodecs, CompressionTypes } = kafkajs;
  CompressionCodecs[CompressionTypes.Snappy] = reading(snappyBlocks);
  CompressionCodecs[CompressionTypes.LZ4] = reading(lz4Decompress);
  CompressionCodecs[CompressionTypes.ZSTD] = reading(zstdDecompressSync);
}

const reading = (decompress: (data: Buffer) => Buffer) => () => ({
  compress: () => Promise.reject(new Error('Refit writes no compressed messages')),
  decompress: async (data: Buffer) => decompress(data),
});

/** How snappy-java, and with it every Java client, frames its blocks: 16 bytes of header, then each with its length. */
const javaHeader = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]);
const headerLength = 16;

function snappyBlocks(data: Buffer): Buffer {
  if (!data.subarray(0, javaHeader.length).equals(javaHeader)) return snappyDecompress(data);
  const blocks: Buffer[] = [];
  for (let at = headerLength; at < data.length;) {
    const length = data.readUInt32BE(at);
    blocks.push(snappyDecompress(data.subarray(at + 4, at + 4 + length)));
    at += 4 + length;
  }
  return Buffer.concat(blocks);
}
