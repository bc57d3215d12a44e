import { open } from 'node:fs/promises';
import { RefitError } from '@refit/contracts';

export interface DelimitedHeader {
  readonly delimiter: string;
  readonly names: readonly string[];
}

const candidates = [',', ';', '\t', '|'];
const longestHeader = 1_048_576;

/**
 * The first record of a delimited file, which names the columns. Without a given delimiter it is the candidate that
 * occurs most in it. A column without a name (as pandas and R write their index) is called by its place, `column1`.
 *
 * @throws RefitError DATA_FILE_UNREADABLE when the header does not end within 1 MiB
 */
export async function readHeader(path: string, delimiter?: string): Promise<DelimitedHeader> {
  return headerOf(path, await beginning(path), delimiter);
}

/** The same, of a text that begins the file. @throws RefitError DATA_FILE_UNREADABLE */
export function headerOf(path: string, text: string, delimiter?: string): DelimitedHeader {
  const record = firstRecord(path, text);
  const chosen = delimiter ?? mostFrequent(record);
  const names = fields(record, chosen).map((name, index) => name.trim() || `column${index + 1}`);
  return { delimiter: chosen, names };
}

async function beginning(path: string): Promise<string> {
  const file = await open(path);
  try {
    const buffer = Buffer.alloc(longestHeader);
    const { bytesRead } = await file.read(buffer, 0, longestHeader, 0);
    return buffer.toString('utf8', 0, bytesRead).replace(/^\uFEFF/u, '');
  } finally {
    await file.close();
  }
}

function firstRecord(path: string, text: string): string {
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (c === '"') quoted = !quoted;
    else if (!quoted && (c === '\n' || c === '\r')) return text.slice(0, i);
  }
  if (text.length < longestHeader && !quoted) return text;
  throw new RefitError('DATA_FILE_UNREADABLE', `${path} has no header line: the first line must name the columns, with every quote closed`);
}

function mostFrequent(record: string): string {
  const count = (delimiter: string) => fields(record, delimiter).length;
  return candidates.reduce((best, candidate) => (count(candidate) > count(best) ? candidate : best));
}

function fields(record: string, delimiter: string): string[] {
  const found: string[] = [];
  let field = '';
  let quoted = false;
  for (let i = 0; i < record.length; i++) {
    const c = record.charAt(i);
    if (c === '"' && quoted && record[i + 1] === '"') field += record.charAt(++i);
    else if (c === '"') quoted = !quoted;
    else if (c === delimiter && !quoted) {
      found.push(field);
      field = '';
    } else field += c;
  }
  return [...found, field];
}
