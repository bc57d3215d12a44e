import type { DeadLetter, DeadLetterParked } from '@refit/contracts';
import type { Style } from '../terminal.js';
import { shortId } from './ids.js';
import { printable, receivedBytes } from './received-bytes.js';
import { facts, table } from './table.js';
import { moment, msOf, relative } from './times.js';

/** Dead letters, one a line. */
export function renderDeadLetters(letters: readonly DeadLetter[], { style, now, filtered = false }: { style: Style; now: number; filtered?: boolean }): string {
  if (letters.length === 0) return filtered ? 'No such dead letters.' : 'No dead letters: every message from outside was taken.';
  const ids = letters.map(({ parked }) => parked?.letterId ?? '');
  const rows = letters.map(({ parked, status }) => [
    style.bold(shortId(parked?.letterId ?? '', ids)), relative(msOf(parked?.parkedAt), now), status === 'parked' ? style.yellow(status) : style.dim(status), parked?.origin ?? '', parked?.code ?? '', printable(parked?.reason ?? ''),
  ]);
  return table([{ title: 'letter' }, { title: 'came' }, { title: 'state' }, { title: 'from' }, { title: 'code' }, { title: 'why it was not taken' }], rows, style);
}

/** One dead letter whole: why it was not taken, and what was received. */
export function renderDeadLetter({ parked, status }: DeadLetter, { style }: { style: Style }): string {
  if (!parked) return 'The server knows nothing about this letter.';
  const headers = Object.entries(parked.headers).map(([name, value]) => `  ${style.dim(`${printable(name)}:`)} ${printable(value)}`);
  return [
    facts([
      ['letter', parked.letterId], ['came', moment(msOf(parked.parkedAt))], ['state', status], ['from', parked.origin],
      ['key', parked.key.byteLength > 0 ? receivedBytes(parked.key) : undefined], ['why', `${parked.code}: ${printable(parked.reason)}`],
    ], style),
    ...(headers.length > 0 ? [style.bold('Headers'), ...headers] : []),
    style.bold(bodyTitle(parked)),
    receivedBytes(parked.body),
  ].join('\n');
}

function bodyTitle({ body, bodyBytes, bodyHash, truncated }: DeadLetterParked): string {
  if (truncated) return `Body, its first ${body.byteLength.toLocaleString('en-US')} bytes`;
  if (bodyHash !== '' && body.byteLength === 0) return `Body of ${bodyBytes.toLocaleString('en-US')} bytes, deleted when the letter was discarded`;
  return body.byteLength === 0 ? 'Empty body' : 'Body';
}
