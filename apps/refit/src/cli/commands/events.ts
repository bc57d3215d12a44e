import { EventSchema } from '@refit/contracts';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import { printJson } from '../json.js';
import type { ServerOptions } from '../options.js';
import { renderEvent } from '../render/events.js';
import type { Terminal } from '../terminal.js';
import { withServer } from '../with-server.js';

export interface EventsOptions extends ServerOptions {
  readonly from?: string;
  readonly type?: readonly string[];
  readonly limit?: number;
  readonly follow?: boolean;
}

/** `refit events [STREAM]`: the log itself, a line per event. */
export async function events(terminal: Terminal, stream: string | undefined, { from = '', type = [], limit = 0, follow = false, ...options }: EventsOptions): Promise<ExitCode> {
  return withServer(options, async ({ admin }) => {
    const interrupt = new AbortController();
    const release = terminal.onInterrupt(() => interrupt.abort());
    let count = 0;
    try {
      const asked = { stream: stream ?? '', from, types: [...type], limit, follow };
      for await (const { event } of admin.readEvents(asked, { signal: interrupt.signal })) {
        if (!event) continue;
        count++;
        if (options.json) printJson(terminal, EventSchema, event);
        else terminal.print(renderEvent(event, terminal));
      }
    } finally {
      release();
    }
    if (count === 0 && !options.json) terminal.print(terminal.style.dim('No such events.'));
    return exitCodes.done;
  });
}
