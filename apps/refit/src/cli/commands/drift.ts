import { create } from '@bufbuild/protobuf';
import { ListDriftResponseSchema, RefitError } from '@refit/contracts';
import type { RefitClient } from '../../client/index.js';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import { printJson } from '../json.js';
import type { MomentOptions } from '../moments.js';
import { nextPageHint, type NextPage, type PageOptions } from '../next-page.js';
import type { ServerOptions } from '../options.js';
import { readPages } from '../pages.js';
import { renderMeasurements } from '../render/drift-measurements.js';
import type { Terminal } from '../terminal.js';
import { span } from '../time-span.js';
import { withServer } from '../with-server.js';

export interface ListDriftOptions extends ServerOptions, PageOptions, MomentOptions {
  readonly run?: string;
  readonly column?: string;
  readonly batch?: string;
  readonly pipeline?: string;
  readonly verdict?: string;
  readonly measure?: string;
}

/** `refit data drift list DATASET`, `refit data drift list --run RUN`: every measurement, passing or not. */
export async function listDrift(terminal: Terminal, dataset: string | undefined, asked: ListDriftOptions, next: NextPage): Promise<ExitCode> {
  const { run, column = '', batch = '', pipeline = '', verdict = '', measure = '', limit, page, ...options } = asked;
  const { items, nextPageToken } = await withServer(options, async (client) => {
    const filter = { dataset: dataset ?? '', runId: run === undefined ? '' : await wholeId(client, run), column, batch, pipeline, verdict, measure, ...span(options) };
    return readPages(limit, (part) => client.validation.listDrift({ ...filter, ...part }), (part) => part.measurements, page);
  });
  const filtered = [column, batch, pipeline, verdict, measure, options.since, options.until, page].some(Boolean);
  if (options.json) printJson(terminal, ListDriftResponseSchema, create(ListDriftResponseSchema, { measurements: [...items], nextPageToken }));
  else terminal.print(renderMeasurements(items, { style: terminal.style, now: terminal.now(), filtered }) + nextPageHint(nextPageToken, next, terminal.style));
  return exitCodes.done;
}

/** A run may be named by the beginning of its id. */
async function wholeId({ admin }: RefitClient, beginning: string): Promise<string> {
  const { run } = await admin.getRun({ runId: beginning });
  if (run) return run.runId;
  throw new RefitError('RUN_NOT_FOUND', `the server knows no run ${beginning}; see refit runs`);
}
