import { writeFileSync } from 'node:fs';
import { create } from '@bufbuild/protobuf';
import { DeadLetterSchema, ListDeadLettersResponseSchema, RefitError } from '@refit/contracts';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import { printJson } from '../json.js';
import type { MomentOptions } from '../moments.js';
import { nextPageHint, type NextPage, type PageOptions } from '../next-page.js';
import type { ServerOptions } from '../options.js';
import { readPages } from '../pages.js';
import { renderDeadLetter, renderDeadLetters } from '../render/dead-letters.js';
import type { Terminal } from '../terminal.js';
import { requireKnownCode } from '../known-code.js';
import { span } from '../time-span.js';
import { withServer } from '../with-server.js';

/** Which letters are asked for. */
export interface LetterFilterOptions extends MomentOptions {
  readonly code?: string;
  readonly origin?: string;
}

export interface DeadLettersOptions extends ServerOptions, PageOptions, LetterFilterOptions {
  readonly all?: boolean;
}

/** `refit dead-letters list`: messages from outside that could not be taken. */
export async function listDeadLetters(terminal: Terminal, { all = false, code = '', origin = '', limit, page, ...options }: DeadLettersOptions, next: NextPage): Promise<ExitCode> {
  requireKnownCode(code);
  const asked = { includeSettled: all, code, origin, ...span(options), withoutBodies: !options.json };
  const { items, nextPageToken } = await withServer(options, ({ admin }) => readPages(limit, (part) => admin.listDeadLetters({ ...asked, ...part }), (part) => part.letters, page));
  const filtered = [code, origin, options.since, options.until, page].some(Boolean);
  if (options.json) printJson(terminal, ListDeadLettersResponseSchema, create(ListDeadLettersResponseSchema, { letters: [...items], nextPageToken }));
  else terminal.print(renderDeadLetters(items, { style: terminal.style, now: terminal.now(), filtered }) + nextPageHint(nextPageToken, next, terminal.style));
  return exitCodes.done;
}

export interface ShowLetterOptions extends ServerOptions {
  readonly raw?: boolean;
  /** A file to write the body to. */
  readonly output?: string;
}

/** `refit dead-letters show LETTER` */
export async function showDeadLetter(terminal: Terminal, id: string, { raw = false, output, ...options }: ShowLetterOptions): Promise<ExitCode> {
  const { letter } = await withServer(options, ({ admin }) => admin.getDeadLetter({ letterId: id }));
  const shown = letter ?? create(DeadLetterSchema);
  const body = shown.parked?.body ?? new Uint8Array();
  if (output !== undefined) writeBody(output, body);
  if (raw) terminal.writeBytes(body);
  else if (options.json) printJson(terminal, DeadLetterSchema, shown);
  else if (output === undefined) terminal.print(renderDeadLetter(shown, terminal));
  else terminal.print(`${terminal.style.green('✓')} ${body.byteLength.toLocaleString('en-US')} bytes written to ${output}`);
  return exitCodes.done;
}

function writeBody(file: string, body: Uint8Array): void {
  try {
    writeFileSync(file, body);
  } catch (cause) {
    throw new RefitError('REQUEST_INVALID', `cannot write ${file} (${(cause as NodeJS.ErrnoException).code}): check its path and its permissions`, { cause }); // fs throws nothing else
  }
}
