import { create } from '@bufbuild/protobuf';
import { ListRunsResponseSchema } from '@refit/contracts';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import { printJson } from '../json.js';
import type { MomentOptions } from '../moments.js';
import { nextPageHint, type NextPage, type PageOptions } from '../next-page.js';
import type { ServerOptions } from '../options.js';
import { readPages } from '../pages.js';
import { renderRuns } from '../render/run-list.js';
import type { Terminal } from '../terminal.js';
import { span } from '../time-span.js';
import { withServer } from '../with-server.js';

export interface RunsOptions extends ServerOptions, PageOptions, MomentOptions {
  readonly pipeline?: string;
  readonly status?: string;
  readonly outcome?: string;
}

/** `refit runs` */
export async function runs(terminal: Terminal, { pipeline = '', status = '', outcome = '', limit, page, ...options }: RunsOptions, next: NextPage): Promise<ExitCode> {
  const asked = { pipeline, status, outcome, ...span(options) };
  const { items, nextPageToken } = await withServer(options, ({ admin }) => readPages(limit, (part) => admin.listRuns({ ...asked, ...part }), (part) => part.runs, page));
  const filtered = [pipeline, status, outcome, options.since, options.until, page].some(Boolean);
  if (options.json) printJson(terminal, ListRunsResponseSchema, create(ListRunsResponseSchema, { runs: [...items], nextPageToken }));
  else terminal.print(renderRuns(items, { style: terminal.style, now: terminal.now(), filtered }) + nextPageHint(nextPageToken, next, terminal.style));
  return exitCodes.done;
}
