import { create } from '@bufbuild/protobuf';
import { ListRunsResponseSchema } from '@refit/contracts';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import { printJson } from '../json.js';
import type { ServerOptions } from '../options.js';
import { readPages } from '../pages.js';
import { renderRuns } from '../render/run-list.js';
import type { Terminal } from '../terminal.js';
import { withServer } from '../with-server.js';
import { moreHint } from './more-hint.js';

export interface RunsOptions extends ServerOptions {
  readonly pipeline?: string;
  readonly status?: string;
  readonly outcome?: string;
  readonly limit: number;
}

/** `refit runs` */
export async function runs(terminal: Terminal, { pipeline = '', status = '', outcome = '', limit, ...options }: RunsOptions): Promise<ExitCode> {
  const { items, more } = await withServer(options, ({ admin }) => readPages(limit, (page) => admin.listRuns({ pipeline, status, outcome, ...page }), (page) => page.runs));
  if (options.json) printJson(terminal, ListRunsResponseSchema, create(ListRunsResponseSchema, { runs: [...items] }));
  else terminal.print(renderRuns(items, { style: terminal.style, now: terminal.now(), filtered: pipeline + status + outcome !== '' }) + moreHint(more, limit, terminal.style));
  return exitCodes.done;
}
