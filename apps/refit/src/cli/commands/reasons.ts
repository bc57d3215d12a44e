import { create } from '@bufbuild/protobuf';
import { ListReasonsResponseSchema, Verdict } from '@refit/contracts';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import { printJson } from '../json.js';
import type { ServerOptions } from '../options.js';
import { readPages } from '../pages.js';
import { renderReasons } from '../render/reasons.js';
import { verdictOf } from '../render/words.js';
import type { Terminal } from '../terminal.js';
import { withServer } from '../with-server.js';
import { moreHint } from './more-hint.js';

export interface ReasonsOptions extends ServerOptions {
  readonly verdict?: string;
  readonly limit: number;
}

/** `refit reasons [PIPELINE]`: what asked for runs, and what came of it. */
export async function reasons(terminal: Terminal, pipeline: string | undefined, { verdict, limit, ...options }: ReasonsOptions): Promise<ExitCode> {
  const asked = { pipeline: pipeline ?? '', verdict: verdict === undefined ? Verdict.UNSPECIFIED : verdictOf(verdict) };
  const { items, more } = await withServer(options, ({ admin }) => readPages(limit, (page) => admin.listReasons({ ...asked, ...page }), (page) => page.reasons));
  if (options.json) printJson(terminal, ListReasonsResponseSchema, create(ListReasonsResponseSchema, { reasons: [...items] }));
  else terminal.print(renderReasons(items, { style: terminal.style, now: terminal.now() }) + moreHint(more, limit, terminal.style));
  return exitCodes.done;
}
