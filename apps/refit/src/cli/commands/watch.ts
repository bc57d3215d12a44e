import { WatchRunsResponseSchema } from '@refit/contracts';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import { printJson } from '../json.js';
import type { ServerOptions } from '../options.js';
import { renderWatched } from '../render/watched.js';
import type { Terminal } from '../terminal.js';
import { waitForRun } from '../wait-for-run.js';
import { withServer } from '../with-server.js';

export interface WatchOptions extends ServerOptions {
  readonly pipeline?: string;
}

/** `refit watch [RUN]`: one run until it ends, or all of them until Ctrl+C. */
export async function watch(terminal: Terminal, runId: string | undefined, { pipeline = '', ...options }: WatchOptions): Promise<ExitCode> {
  return withServer(options, async (client) => {
    if (runId !== undefined && !options.json) {
      const { run } = await client.admin.getRun({ runId });
      return waitForRun(terminal, client, run?.runId ?? runId);
    }
    const interrupt = new AbortController();
    const release = terminal.onInterrupt(() => interrupt.abort());
    try {
      if (!options.json && terminal.interactive) terminal.print(terminal.style.dim('Watching all runs; Ctrl+C ends it.'));
      for await (const change of client.admin.watchRuns({ runId: runId ?? '', pipeline }, { signal: interrupt.signal })) {
        const line = options.json ? undefined : renderWatched(change, terminal.style);
        if (options.json) printJson(terminal, WatchRunsResponseSchema, change);
        else if (line !== undefined) terminal.print(line);
      }
      return exitCodes.done;
    } finally {
      release();
    }
  });
}
