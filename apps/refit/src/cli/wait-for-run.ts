import { GetRunResponseSchema, type GetRunResponse } from '@refit/contracts';
import type { RefitClient } from '../client/index.js';
import { exitCodes, type ExitCode } from './exit-codes.js';
import { followRun } from './follow-run.js';
import { printJson } from './json.js';
import { ProgressLine } from './progress-line.js';
import { shortId } from './render/ids.js';
import { renderRun } from './render/run-details.js';
import { exitCodeOf } from './render/run-status.js';
import type { Terminal } from './terminal.js';

/** Shows a run's progress until it ends, then how it ended. Ctrl+C ends the waiting, not the run. */
export async function waitForRun(terminal: Terminal, client: RefitClient, runId: string, { json = false } = {}): Promise<ExitCode> {
  const interrupt = new AbortController();
  const release = terminal.onInterrupt(() => interrupt.abort());
  const progress = json ? undefined : new ProgressLine(terminal);
  try {
    const ended = await followRun(client, runId, {
      signal: interrupt.signal,
      onChange: (change) => progress?.show(change),
      onLost: () => progress?.note(terminal.style.yellow('The server went away; the run goes on when it is back. Waiting…')),
    });
    progress?.stop();
    if (!ended) {
      const stays = `Stopped waiting; run ${shortId(runId)} goes on. See it with: refit watch ${shortId(runId)}`;
      if (json) terminal.printError(stays);
      else terminal.print(stays);
      return exitCodes.interrupted;
    }
    return printEnded(terminal, ended, json);
  } finally {
    progress?.stop();
    release();
  }
}

function printEnded(terminal: Terminal, ended: GetRunResponse, json: boolean): ExitCode {
  if (json) printJson(terminal, GetRunResponseSchema, ended);
  else terminal.print(`\n${renderRun(ended, { style: terminal.style, now: terminal.now() })}`);
  return ended.run ? exitCodeOf(ended.run) : exitCodes.error;
}
