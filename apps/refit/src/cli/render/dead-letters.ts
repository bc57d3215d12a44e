import type { DeadLetter } from '@refit/contracts';
import type { Style } from '../terminal.js';
import { shortId } from './ids.js';
import { facts, table } from './table.js';
import { moment, msOf, relative } from './times.js';

/** Dead letters, one a line. */
export function renderDeadLetters(letters: readonly DeadLetter[], { style, now }: { style: Style; now: number }): string {
  if (letters.length === 0) return 'No dead letters: every message from outside was taken.';
  const ids = letters.map(({ parked }) => parked?.letterId ?? '');
  const rows = letters.map(({ parked, status }) => [
    style.bold(shortId(parked?.letterId ?? '', ids)), relative(msOf(parked?.parkedAt), now), status === 'parked' ? style.yellow(status) : style.dim(status), parked?.origin ?? '', parked?.code ?? '', parked?.reason ?? '',
  ]);
  return table([{ title: 'letter' }, { title: 'came' }, { title: 'state' }, { title: 'from' }, { title: 'code' }, { title: 'why it was not taken' }], rows, style);
}

/** One dead letter whole: why it was not taken, and what was received. */
export function renderDeadLetter({ parked, status }: DeadLetter, { style }: { style: Style }): string {
  if (!parked) return 'The server knows nothing about this letter.';
  const headers = Object.entries(parked.headers).map(([name, value]) => `  ${style.dim(`${name}:`)} ${printable(value)}`);
  const received = printable(new TextDecoder().decode(parked.body));
  return [
    facts([['letter', parked.letterId], ['came', moment(msOf(parked.parkedAt))], ['state', status], ['from', parked.origin], ['why', `${parked.code}: ${parked.reason}`]], style),
    ...(headers.length > 0 ? [style.bold('Headers'), ...headers] : []),
    style.bold(parked.truncated ? 'Body, its beginning' : 'Body'),
    received,
  ].join('\n');
}

/** What strangers sent, without what would steer the terminal. */
const printable = (text: string) => text.replaceAll(/[^\P{Cc}\n\t]/gu, '·');
