import { create } from '@bufbuild/protobuf';
import { ForgetOffendersResponseSchema, GetOffendersResponseSchema, RefitError } from '@refit/contracts';
import type { RefitClient } from '../../client/index.js';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import { printJson } from '../json.js';
import type { ServerOptions } from '../options.js';
import { shortId } from '../render/ids.js';
import { renderOffenders } from '../render/offenders.js';
import { printable } from '../render/received-bytes.js';
import { countOf } from '../render/words.js';
import type { Terminal } from '../terminal.js';
import { actor, withServer } from '../with-server.js';

export interface OffendersOptions extends ServerOptions {
  /** With the dataset: all of a batch, in any run. */
  readonly batch?: string;
  readonly dataset?: string;
}

export interface ForgetOptions extends OffendersOptions {
  readonly reason: string;
}

/** `refit data offenders RUN`: rows that broke hand-written expectations. */
export async function offenders(terminal: Terminal, what: string | undefined, { batch, dataset, ...options }: OffendersOptions): Promise<ExitCode> {
  const answer = await withServer(options, async (client) => client.validation.getOffenders(await named(client, what, { batch, dataset })));
  if (options.json) printJson(terminal, GetOffendersResponseSchema, create(GetOffendersResponseSchema, answer));
  else terminal.print(renderOffenders(answer, what === undefined ? `batch ${printable(batch ?? '')}` : `run ${shortId(what)}`, terminal.style));
  return exitCodes.done;
}

/** `refit data forget HASH|RUN`: deletes them for good. */
export async function forget(terminal: Terminal, what: string | undefined, { batch, dataset, reason, ...options }: ForgetOptions): Promise<ExitCode> {
  const answer = await withServer(options, async (client) => client.validation.forgetOffenders({ ...(await named(client, what, { batch, dataset })), actor: actor(), reason }));
  const { style } = terminal;
  if (options.json) printJson(terminal, ForgetOffendersResponseSchema, answer);
  else {
    for (const hash of answer.hashes) terminal.print(`${style.green('✓')} ${hash} is deleted for good`);
    if (answer.alreadyForgotten.length > 0) terminal.print(`  ${countOf(answer.alreadyForgotten.length, 'artifact')} had been forgotten before`);
  }
  return exitCodes.done;
}

const isHash = (what: string) => /^[0-9a-f]{64}$/.test(what);

/** A run may be named by the beginning of its id. */
async function named({ admin }: RefitClient, what: string | undefined, { batch = '', dataset = '' }: { readonly batch: string | undefined; readonly dataset: string | undefined }) {
  if (what === undefined) return { batch, dataset };
  if (isHash(what)) return { hash: what };
  const { run } = await admin.getRun({ runId: what });
  if (!run) throw new RefitError('RUN_NOT_FOUND', `the server knows no run ${what}; see refit runs`);
  return { runId: run.runId };
}
