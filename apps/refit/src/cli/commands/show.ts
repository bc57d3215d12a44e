import { GetRunResponseSchema } from '@refit/contracts';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import { printJson } from '../json.js';
import type { ServerOptions } from '../options.js';
import { renderRun } from '../render/run-details.js';
import type { Terminal } from '../terminal.js';
import { withServer } from '../with-server.js';

/** `refit show RUN` */
export async function show(terminal: Terminal, runId: string, options: ServerOptions): Promise<ExitCode> {
  const answer = await withServer(options, ({ admin }) => admin.getRun({ runId }));
  if (options.json) printJson(terminal, GetRunResponseSchema, answer);
  else terminal.print(renderRun(answer, { style: terminal.style, now: terminal.now() }));
  return exitCodes.done;
}
