import { create } from '@bufbuild/protobuf';
import { DeadLetterSchema, DiscardDeadLetterResponseSchema, ListDeadLettersResponseSchema, RefitError, RetryDeadLetterResponseSchema, type DeadLetter } from '@refit/contracts';
import type { RefitClient } from '../../client/index.js';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import { printJson } from '../json.js';
import type { ServerOptions } from '../options.js';
import { readPages } from '../pages.js';
import { renderDeadLetter, renderDeadLetters } from '../render/dead-letters.js';
import { shortId } from '../render/ids.js';
import type { Terminal } from '../terminal.js';
import { actor, withServer } from '../with-server.js';
import { moreHint } from './more-hint.js';

export interface DeadLettersOptions extends ServerOptions {
  readonly all?: boolean;
  readonly limit: number;
}

/** `refit dead-letters list`: messages from outside that could not be taken. */
export async function listDeadLetters(terminal: Terminal, { all = false, limit, ...options }: DeadLettersOptions): Promise<ExitCode> {
  const { items, more } = await withServer(options, ({ admin }) => readPages(limit, (page) => admin.listDeadLetters({ includeSettled: all, ...page }), (page) => page.letters));
  if (options.json) printJson(terminal, ListDeadLettersResponseSchema, create(ListDeadLettersResponseSchema, { letters: [...items] }));
  else terminal.print(renderDeadLetters(items, { style: terminal.style, now: terminal.now() }) + moreHint(more, limit, terminal.style));
  return exitCodes.done;
}

/** `refit dead-letters show LETTER` */
export async function showDeadLetter(terminal: Terminal, id: string, options: ServerOptions): Promise<ExitCode> {
  const letter = await withServer(options, (client) => findLetter(client, id));
  if (options.json) printJson(terminal, DeadLetterSchema, letter);
  else terminal.print(renderDeadLetter(letter, terminal));
  return exitCodes.done;
}

/** `refit dead-letters retry LETTER`: the message is taken again as if it came now. */
export async function retryDeadLetter(terminal: Terminal, id: string, options: ServerOptions): Promise<ExitCode> {
  return withServer(options, async (client) => {
    const letterId = letterIdOf(await findLetter(client, id));
    const answer = await client.admin.retryDeadLetter({ letterId, actor: actor() });
    const { style } = terminal;
    if (options.json) printJson(terminal, RetryDeadLetterResponseSchema, answer);
    else terminal.print(answer.succeeded ? `${style.green('✓')} letter ${style.bold(shortId(letterId))} was taken` : `${style.red('✗')} letter ${style.bold(shortId(letterId))} failed again: ${answer.reason}`);
    return answer.succeeded ? exitCodes.done : exitCodes.error;
  });
}

export interface DiscardOptions extends ServerOptions {
  readonly reason?: string;
}

/** `refit dead-letters discard LETTER` */
export async function discardDeadLetter(terminal: Terminal, id: string, { reason = '', ...options }: DiscardOptions): Promise<ExitCode> {
  return withServer(options, async (client) => {
    const letterId = letterIdOf(await findLetter(client, id));
    const answer = await client.admin.discardDeadLetter({ letterId, actor: actor(), reason });
    if (options.json) printJson(terminal, DiscardDeadLetterResponseSchema, answer);
    else terminal.print(`${terminal.style.green('✓')} letter ${terminal.style.bold(shortId(letterId))} discarded; the log keeps it`);
    return exitCodes.done;
  });
}

const letterIdOf = ({ parked }: DeadLetter) => parked?.letterId ?? '';

/** The one letter whose id begins so. */
async function findLetter({ admin }: RefitClient, id: string): Promise<DeadLetter> {
  const { items } = await readPages(10_000, (page) => admin.listDeadLetters({ includeSettled: true, ...page }), (page) => page.letters);
  const found = items.filter((letter) => letterIdOf(letter).startsWith(id));
  const [letter] = found;
  if (letter && found.length === 1) return letter;
  if (!letter) throw new RefitError('DEAD_LETTER_NOT_FOUND', `there is no dead letter whose id begins with ${id}; see refit dead-letters --all`);
  throw new RefitError('REQUEST_INVALID', `${found.length} dead letters begin with ${id}: ${found.slice(0, 5).map(letterIdOf).join(', ')}; give more of the id`);
}
