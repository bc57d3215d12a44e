import { open } from 'node:fs/promises';
import { DataFormat } from '@refit/contracts';
import { headerOf } from './delimited-header.js';
import { assertUsableColumns } from './source-rows.js';

/** A larger file is worth the tenth of a second that DuckDB takes to begin. */
const largest = 256 * 1024;

/**
 * The rows of a small delimited file about which there can be no two opinions: UTF-8, no quotes, one kind of line end,
 * in each line as many fields as the header has. Undefined for any other file.
 *
 * @throws RefitError DATA_FILE_UNREADABLE for columns that cannot be used
 */
export async function countPlainRows(path: string, format: DataFormat): Promise<number | undefined> {
  if (format !== DataFormat.CSV && format !== DataFormat.TSV) return undefined;
  const text = await plainText(path);
  if (text === undefined) return undefined;
  const { names, delimiter } = headerOf(path, text, format === DataFormat.TSV ? '\t' : undefined);
  assertUsableColumns(path, names);
  const lines = text.split(text.includes('\r\n') ? '\r\n' : '\n');
  if (lines.at(-1) === '') lines.pop();
  // A blank line of one column is a missing value, or nothing.
  const isPlain = names.length > 1 && lines.every((line) => fieldsIn(line, delimiter) === names.length && !/[\r\n]/.test(line));
  return isPlain ? lines.length - 1 : undefined;
}

async function plainText(path: string): Promise<string | undefined> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    if (size > largest) return undefined;
    const bytes = Buffer.alloc(size);
    const { bytesRead } = await file.read(bytes, 0, size, 0);
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, bytesRead)); // without a byte order mark
    return /["\0]/.test(text) ? undefined : text;
  } catch (error) {
    if (error instanceof TypeError) return undefined; // not UTF-8
    throw error;
  } finally {
    await file.close();
  }
}

function fieldsIn(line: string, delimiter: string): number {
  let fields = 1;
  for (let at = line.indexOf(delimiter); at !== -1; at = line.indexOf(delimiter, at + 1)) fields++;
  return fields;
}
