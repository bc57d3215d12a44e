/** What strangers sent, as a person can look at it: text where it is text, else its bytes; of very much the beginning. */
export function receivedBytes(bytes: Uint8Array): string {
  const text = decoded(bytes);
  if (text !== undefined) return [printable(text.slice(0, mostCharacters)), ...more(Buffer.byteLength(text.slice(mostCharacters)))].join('\n');
  const shown = bytes.subarray(0, mostBytes);
  const rows = Array.from({ length: Math.ceil(shown.byteLength / perRow) }, (_, row) => hexRow(shown.subarray(row * perRow, (row + 1) * perRow), row * perRow));
  return [...rows, ...more(bytes.byteLength - shown.byteLength)].join('\n');
}

/** Without what would steer the terminal. */
export const printable = (text: string) => text.replaceAll(/[^\P{Cc}\n\t]/gu, '·');

const more = (bytes: number) => (bytes > 0 ? [`… and ${bytes.toLocaleString('en-US')} more bytes: --raw writes them all, --output FILE to a file`] : []);

const mostCharacters = 2000;
const mostBytes = 1024;
const perRow = 16;

/** Undefined of what is not UTF-8, or hardly text. */
function decoded(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return text.includes('\0') ? undefined : text;
  } catch {
    return undefined;
  }
}

/** `00000010  7b 22 61 …  {"a…` */
function hexRow(bytes: Uint8Array, offset: number): string {
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
  const ascii = Array.from(bytes, (byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '·')).join('');
  return `${offset.toString(16).padStart(8, '0')}  ${hex.padEnd(perRow * 3 - 1)}  ${ascii}`;
}
