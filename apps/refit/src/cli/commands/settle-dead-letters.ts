import { DiscardDeadLetterResponseSchema, DiscardDeadLettersResponseSchema, RefitError, RetryDeadLetterResponseSchema, type RetryDeadLetterResponse } from '@refit/contracts';
import type { RefitClient } from '../../client/index.js';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import { printJson } from '../json.js';
import { requireKnownCode } from '../known-code.js';
import type { ServerOptions } from '../options.js';
import { readPages } from '../pages.js';
import { shortId } from '../render/ids.js';
import { verdictSentence } from '../render/reasons.js';
import type { Terminal } from '../terminal.js';
import { span } from '../time-span.js';
import { actor, withServer } from '../with-server.js';
import type { LetterFilterOptions } from './dead-letters.js';

export interface RetryLettersOptions extends ServerOptions, LetterFilterOptions {
  readonly all?: boolean;
}

/** `refit dead-letters retry LETTER…`: the messages are taken again as if they came now, the oldest first. */
export async function retryDeadLetters(terminal: Terminal, ids: readonly string[], options: RetryLettersOptions): Promise<ExitCode> {
  requireSome(ids, options);
  return withServer(options, async (client) => {
    let failed = 0;
    for (const letterId of options.all ? await parkedLetters(client, options) : ids) {
      const answer = await client.admin.retryDeadLetter({ letterId, actor: actor() });
      if (!answer.succeeded) failed++;
      if (options.json) printJson(terminal, RetryDeadLetterResponseSchema, answer);
      else terminal.print(retriedText(answer, letterId, terminal));
    }
    return failed === 0 ? exitCodes.done : exitCodes.error;
  });
}

function retriedText({ succeeded, reason, verdicts, letterId }: RetryDeadLetterResponse, asked: string, { style }: Terminal): string {
  const letter = style.bold(shortId(letterId || asked));
  if (!succeeded) return `${style.red('✗')} letter ${letter} failed again: ${reason}`;
  return [`${style.green('✓')} letter ${letter} was taken`, ...verdicts.map(({ pipeline, judged }) => `  ${pipeline}: ${verdictSentence(judged, style)}`)].join('\n');
}

export interface DiscardOptions extends ServerOptions, LetterFilterOptions {
  readonly all?: boolean;
  readonly reason?: string;
}

/** `refit dead-letters discard LETTER…` */
export async function discardDeadLetters(terminal: Terminal, ids: readonly string[], { reason = '', ...options }: DiscardOptions): Promise<ExitCode> {
  requireSome(ids, options);
  return withServer(options, async (client) => {
    if (options.all) return discardAll(client, terminal, reason, options);
    for (const letterId of ids) {
      const answer = await client.admin.discardDeadLetter({ letterId, actor: actor(), reason });
      if (options.json) printJson(terminal, DiscardDeadLetterResponseSchema, answer);
      else terminal.print(`${terminal.style.green('✓')} letter ${terminal.style.bold(shortId(letterId))} discarded; the log keeps it`);
    }
    return exitCodes.done;
  });
}

async function discardAll({ admin }: RefitClient, terminal: Terminal, reason: string, { code = '', origin = '', ...options }: DiscardOptions): Promise<ExitCode> {
  const answer = await admin.discardDeadLetters({ code, origin, ...span(options), actor: actor(), reason });
  if (options.json) printJson(terminal, DiscardDeadLettersResponseSchema, answer);
  else terminal.print(answer.discarded === 0 ? 'No such letters are parked.' : `${terminal.style.green('✓')} ${answer.discarded} ${answer.discarded === 1 ? 'letter' : 'letters'} discarded; the log keeps them`);
  return exitCodes.done;
}

/** Either letters, or all. @throws RefitError USAGE_INVALID */
function requireSome(ids: readonly string[], { all = false, code, origin, since, until }: LetterFilterOptions & { readonly all?: boolean }): void {
  requireKnownCode(code);
  if (all === ids.length > 0) throw new RefitError('USAGE_INVALID', all ? 'name letters, or say --all, not both' : 'name the letters, or say --all; see refit dead-letters');
  if (!all && [code, origin, since, until].some((given) => given !== undefined)) throw new RefitError('USAGE_INVALID', '--code, --origin, --since and --until choose among --all letters; without it name the letters only');
}

/** Ids of those that are asked for, the oldest first: as they came. */
async function parkedLetters({ admin }: RefitClient, { code = '', origin = '', ...options }: RetryLettersOptions): Promise<readonly string[]> {
  const asked = { code, origin, ...span(options), withoutBodies: true };
  const { items } = await readPages(Number.POSITIVE_INFINITY, (part) => admin.listDeadLetters({ ...asked, ...part }), (part) => part.letters);
  return items.map(({ parked }) => parked?.letterId ?? '').reverse();
}
