import { open } from 'node:fs/promises';
import { DataFormat, RefitError } from '@refit/contracts';

export const formatNames: Readonly<Record<DataFormat, string>> = {
  [DataFormat.UNSPECIFIED]: 'unspecified',
  [DataFormat.CSV]: 'CSV',
  [DataFormat.TSV]: 'TSV',
  [DataFormat.JSON_LINES]: 'JSON Lines',
  [DataFormat.PARQUET]: 'Parquet',
};

const byExtension: Readonly<Record<string, DataFormat>> = {
  csv: DataFormat.CSV,
  tsv: DataFormat.TSV,
  tab: DataFormat.TSV,
  jsonl: DataFormat.JSON_LINES,
  ndjson: DataFormat.JSON_LINES,
  json: DataFormat.JSON_LINES,
  parquet: DataFormat.PARQUET,
  pq: DataFormat.PARQUET,
};

/**
 * The format of a file: the declared one, else what its name says, else what its content looks like; and its content
 * must not contradict that.
 *
 * @throws RefitError DATA_FILE_EMPTY when it holds nothing but white space, DATA_FILE_UNREADABLE when the content is another kind of file
 */
export async function formatOf(path: string, declared: DataFormat = DataFormat.UNSPECIFIED): Promise<DataFormat> {
  const content = await contentOf(path);
  const named = byExtension[/\.([^./]+)$/u.exec(path)?.[1]?.toLowerCase() ?? ''];
  const expected = declared === DataFormat.UNSPECIFIED ? named : declared;
  if (content.kind === 'blank') throw new RefitError('DATA_FILE_EMPTY', `${path} holds only white space: deliver a file with data`);
  if (content.kind === 'other') throw unreadable(path, expected, content.looksLike);
  const possible = possibleFormats(content);
  if (expected !== undefined && !possible.includes(expected)) throw unreadable(path, expected, looks[content.kind]);
  return expected ?? possible[0];
}

type Content =
  | { readonly kind: 'blank' }
  | { readonly kind: 'other'; readonly looksLike: string }
  | Recognised;

type Recognised = { readonly kind: 'parquet' } | { readonly kind: 'json-lines' } | { readonly kind: 'delimited'; readonly tabs: boolean };

const looks = { parquet: 'a Parquet file', 'json-lines': 'JSON Lines', delimited: 'delimited text' } as const satisfies Record<Recognised['kind'], string>;

/** The likeliest first. */
function possibleFormats(content: Recognised): readonly [DataFormat, ...DataFormat[]] {
  if (content.kind === 'parquet') return [DataFormat.PARQUET];
  if (content.kind === 'json-lines') return [DataFormat.JSON_LINES];
  return content.tabs ? [DataFormat.TSV, DataFormat.CSV] : [DataFormat.CSV, DataFormat.TSV];
}

const unreadable = (path: string, expected: DataFormat | undefined, found: string) =>
  new RefitError(
    'DATA_FILE_UNREADABLE',
    `${path} should be ${expected === undefined ? 'CSV, TSV, JSON Lines or Parquet' : formatNames[expected]}, but its content is ${found}: deliver it again, or name its real format`,
  );

const magics: readonly (readonly [string, string])[] = [
  ['1f8b', 'gzip-compressed'],
  ['504b0304', 'a ZIP archive or a spreadsheet'],
  ['28b52ffd', 'zstd-compressed'],
  ['25504446', 'a PDF'],
  ['fffe', 'text in UTF-16, where UTF-8 is needed'],
  ['feff', 'text in UTF-16, where UTF-8 is needed'],
];

/** Looks at the first 64 KiB and the last 4 bytes. */
async function contentOf(path: string): Promise<Content> {
  const { head, tail, complete } = await headAndTail(path, 65_536);
  if (head.subarray(0, 4).toString('latin1') === 'PAR1') {
    return tail.toString('latin1') === 'PAR1' ? { kind: 'parquet' } : { kind: 'other', looksLike: 'a Parquet file that was cut off' };
  }
  const hex = head.subarray(0, 4).toString('hex');
  const magic = magics.find(([bytes]) => hex.startsWith(bytes));
  if (magic) return { kind: 'other', looksLike: magic[1] };
  if (head.includes(0)) return { kind: 'other', looksLike: 'binary' };
  const text = head.toString('utf8').replace(/^\uFEFF/u, '');
  const start = text.trimStart();
  if (start === '' && complete) return { kind: 'blank' };
  if (start.startsWith('{')) return { kind: 'json-lines' };
  if (/^\[\s*[{\]]/u.test(start)) return { kind: 'other', looksLike: 'one JSON array, where JSON Lines has an object per line' };
  if (/^<(!doctype|html|\?xml)/iu.test(start)) return { kind: 'other', looksLike: 'HTML or XML' };
  return { kind: 'delimited', tabs: start.split('\n', 1)[0]?.includes('\t') ?? false };
}

async function headAndTail(path: string, size: number) {
  const file = await open(path);
  try {
    const total = (await file.stat()).size;
    const head = Buffer.alloc(Math.min(size, total));
    await file.read(head, 0, head.length, 0);
    const tail = Buffer.alloc(Math.min(4, total));
    await file.read(tail, 0, tail.length, total - tail.length);
    return { head, tail, complete: total <= size };
  } finally {
    await file.close();
  }
}
