import { create } from '@bufbuild/protobuf';
import { CancelBackfillResponseSchema, GetBackfillResponseSchema, ListBackfillsResponseSchema } from '@refit/contracts';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import { printJson } from '../json.js';
import { nextPageHint, type NextPage, type PageOptions } from '../next-page.js';
import type { ServerOptions } from '../options.js';
import { readPages } from '../pages.js';
import { renderBackfill, renderBackfills } from '../render/backfills.js';
import type { Terminal } from '../terminal.js';
import { actor, withServer } from '../with-server.js';

export interface ListBackfillsOptions extends ServerOptions, PageOptions {}

/** `refit backfill list [PIPELINE]` */
export async function listBackfills(terminal: Terminal, pipeline: string | undefined, { limit, page, ...options }: ListBackfillsOptions, next: NextPage): Promise<ExitCode> {
  const { items, nextPageToken } = await withServer(options, ({ admin }) => readPages(limit, (part) => admin.listBackfills({ pipeline: pipeline ?? '', ...part }), (part) => part.backfills, page));
  if (options.json) printJson(terminal, ListBackfillsResponseSchema, create(ListBackfillsResponseSchema, { backfills: [...items], nextPageToken }));
  else terminal.print(renderBackfills(items, { style: terminal.style, now: terminal.now() }) + nextPageHint(nextPageToken, next, terminal.style));
  return exitCodes.done;
}

/** `refit backfill show ID` */
export async function showBackfill(terminal: Terminal, backfillId: string, options: ServerOptions): Promise<ExitCode> {
  const answer = await withServer(options, ({ admin }) => admin.getBackfill({ backfillId }));
  if (options.json) printJson(terminal, GetBackfillResponseSchema, answer);
  else terminal.print(renderBackfill(answer.backfill, terminal.style));
  return exitCodes.done;
}

export interface CancelBackfillOptions extends ServerOptions {
  readonly reason?: string;
}

/** `refit backfill cancel ID` */
export async function cancelBackfill(terminal: Terminal, backfillId: string, { reason = '', ...options }: CancelBackfillOptions): Promise<ExitCode> {
  const answer = await withServer(options, ({ admin }) => admin.cancelBackfill({ backfillId, actor: actor(), reason }));
  if (options.json) printJson(terminal, CancelBackfillResponseSchema, answer);
  else terminal.print(`${terminal.style.green('✓')} cancelled; what runs of it stops, what waited never starts\n${renderBackfill(answer.backfill, terminal.style)}`);
  return exitCodes.done;
}
