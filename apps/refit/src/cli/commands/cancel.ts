import { CancelRunResponseSchema } from '@refit/contracts';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import { printJson } from '../json.js';
import type { ServerOptions } from '../options.js';
import { shortId } from '../render/ids.js';
import type { Terminal } from '../terminal.js';
import { actor, withServer } from '../with-server.js';

export interface CancelOptions extends ServerOptions {
  readonly reason?: string;
}

/** `refit cancel RUN` */
export async function cancel(terminal: Terminal, runId: string, { reason = '', ...options }: CancelOptions): Promise<ExitCode> {
  const answer = await withServer(options, ({ admin }) => admin.cancelRun({ runId, actor: actor(), reason }));
  if (options.json) printJson(terminal, CancelRunResponseSchema, answer);
  else terminal.print(`${terminal.style.green('✓')} run ${terminal.style.bold(shortId(answer.runId))} cancelled; its work stops`);
  return exitCodes.done;
}
