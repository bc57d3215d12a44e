import { create } from '@bufbuild/protobuf';
import { ListReasonsResponseSchema } from '@refit/contracts';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import { printJson } from '../json.js';
import type { MomentOptions } from '../moments.js';
import { nextPageHint, type NextPage, type PageOptions } from '../next-page.js';
import type { ServerOptions } from '../options.js';
import { readPages } from '../pages.js';
import { renderReasons } from '../render/reasons.js';
import { reasonKindOf, skipCauseOf, verdictOf } from '../render/words.js';
import type { Terminal } from '../terminal.js';
import { span } from '../time-span.js';
import { withServer } from '../with-server.js';

export interface ReasonsOptions extends ServerOptions, PageOptions, MomentOptions {
  readonly verdict?: string;
  readonly skipCause?: string;
  readonly kind?: string;
}

/** `refit reasons [PIPELINE]`: what asked for runs, and what came of it. */
export async function reasons(terminal: Terminal, pipeline: string | undefined, { verdict, skipCause, kind, limit, page, ...options }: ReasonsOptions, next: NextPage): Promise<ExitCode> {
  const asked = { pipeline: pipeline ?? '', verdict: verdictOf(verdict), skipCause: skipCauseOf(skipCause), kind: reasonKindOf(kind), ...span(options) };
  const { items, nextPageToken } = await withServer(options, ({ admin }) => readPages(limit, (part) => admin.listReasons({ ...asked, ...part }), (part) => part.reasons, page));
  const filtered = [pipeline, verdict, skipCause, kind, options.since, options.until, page].some(Boolean);
  if (options.json) printJson(terminal, ListReasonsResponseSchema, create(ListReasonsResponseSchema, { reasons: [...items], nextPageToken }));
  else terminal.print(renderReasons(items, { style: terminal.style, now: terminal.now(), filtered }) + nextPageHint(nextPageToken, next, terminal.style));
  return exitCodes.done;
}
