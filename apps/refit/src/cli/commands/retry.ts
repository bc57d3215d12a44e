import { RetryRunResponseSchema } from '@refit/contracts';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import { printJson } from '../json.js';
import type { ServerOptions } from '../options.js';
import { shortId } from '../render/ids.js';
import type { Terminal } from '../terminal.js';
import { waitForRun } from '../wait-for-run.js';
import { actor, withServer } from '../with-server.js';

export interface RetryOptions extends ServerOptions {
  readonly reason?: string;
  readonly wait?: boolean;
}

/** `refit retry RUN`: a failed run takes up the step that failed. */
export async function retry(terminal: Terminal, runId: string, { reason = '', wait = false, ...options }: RetryOptions): Promise<ExitCode> {
  return withServer(options, async (client) => {
    const answer = await client.admin.retryRun({ runId, actor: actor(), reason });
    if (!options.json) terminal.print(`${terminal.style.green('✓')} run ${terminal.style.bold(shortId(answer.runId))} goes on from the step that failed`);
    if (wait) return waitForRun(terminal, client, answer.runId, { json: options.json === true });
    if (options.json) printJson(terminal, RetryRunResponseSchema, answer);
    return exitCodes.done;
  });
}
