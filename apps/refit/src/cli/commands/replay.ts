import { ReplayRunResponseSchema } from '@refit/contracts';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import { printJson } from '../json.js';
import type { ServerOptions } from '../options.js';
import { shortId } from '../render/ids.js';
import { countOf } from '../render/words.js';
import type { Terminal } from '../terminal.js';
import { withServer } from '../with-server.js';

/** `refit replay RUN`: folds the run's events afresh and compares with the state that the server shows. */
export async function replay(terminal: Terminal, runId: string, options: ServerOptions): Promise<ExitCode> {
  const answer = await withServer(options, ({ admin }) => admin.replayRun({ runId }));
  const { style } = terminal;
  if (options.json) printJson(terminal, ReplayRunResponseSchema, answer);
  else if (answer.equal) terminal.print(`${style.green('✓')} ${countOf(answer.events, 'event')} of run ${style.bold(shortId(answer.runId))} fold to the live state  ${style.dim(answer.replayedDigest)}`);
  else terminal.print([`${style.red('✗')} run ${style.bold(shortId(answer.runId))}: the replayed state differs from the live one`, `  replayed ${answer.replayedDigest}`, `  live     ${answer.liveDigest}`, ...answer.differences.map((d) => `  ${d}`)].join('\n'));
  return answer.equal ? exitCodes.done : exitCodes.error;
}
