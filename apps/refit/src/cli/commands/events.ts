import { EventSchema, type Event } from '@refit/contracts';
import type { RefitClient } from '../../client/index.js';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import { printJson } from '../json.js';
import type { MomentOptions } from '../moments.js';
import type { NextPage } from '../next-page.js';
import type { ServerOptions } from '../options.js';
import { renderEvent } from '../render/events.js';
import type { Terminal } from '../terminal.js';
import { span } from '../time-span.js';
import { withServer } from '../with-server.js';

export interface EventsOptions extends ServerOptions, MomentOptions {
  readonly from?: string;
  readonly before?: string;
  readonly type?: readonly string[];
  readonly limit?: number;
  readonly last?: number;
  readonly follow?: boolean;
}

/** The command lines that go on after a place of the log, and before one. */
export interface NextEvents {
  readonly from: NextPage;
  readonly before: NextPage;
}

/** `refit events [STREAM]`: the log itself, a line per event. */
export async function events(terminal: Terminal, stream: string | undefined, options: EventsOptions, next: NextEvents): Promise<ExitCode> {
  const interrupt = new AbortController();
  const release = terminal.onInterrupt(() => interrupt.abort());
  const print = (event: Event) => (options.json ? printJson(terminal, EventSchema, event) : terminal.print(renderEvent(event, terminal)));
  try {
    return await withServer(options, async (client) => {
      const found = read(client, stream ?? '', options, interrupt.signal);
      const { count, more } = options.last === undefined ? await printFirst(found, options.limit, print) : await printLast(found, options.last, print);
      if (options.json) return exitCodes.done;
      if (count === 0) terminal.print(terminal.style.dim('No such events.'));
      if (more) terminal.print(terminal.style.dim(moreText(more, isOneStream(stream), next)));
      return exitCodes.done;
    });
  } finally {
    release();
  }
}

/** Of a limit one more is asked for than is shown, to see whether there is more. */
async function* read({ admin }: RefitClient, stream: string, { from = '', before = '', type = [], limit, last, follow = false, ...options }: EventsOptions, signal: AbortSignal): AsyncGenerator<Event> {
  const wanted = last ?? limit;
  const asked = { stream, from, before, types: [...type], follow, last: last !== undefined, limit: wanted === undefined ? 0 : wanted + (follow ? 0 : 1), ...span(options) };
  for await (const { event } of admin.readEvents(asked, { signal })) if (event) yield event;
}

interface Printed {
  readonly count: number;
  /** There is more after this event, or before it. */
  readonly more?: { readonly after: Event } | { readonly before: Event };
}

async function printFirst(found: AsyncIterable<Event>, limit = Number.POSITIVE_INFINITY, print: (event: Event) => void): Promise<Printed> {
  let count = 0;
  let latest: Event | undefined;
  for await (const event of found) {
    if (count === limit) return { count, ...(latest && { more: { after: latest } }) };
    print(event);
    latest = event;
    count++;
  }
  return { count };
}

async function printLast(found: AsyncIterable<Event>, last: number, print: (event: Event) => void): Promise<Printed> {
  const all: Event[] = [];
  for await (const event of found) all.push(event);
  const shown = all.slice(-last);
  for (const event of shown) print(event);
  const [first] = shown;
  return { count: shown.length, ...(first && all.length > last && { more: { before: first } }) };
}

const isOneStream = (stream: string | undefined) => stream !== undefined && !stream.endsWith('*');

/** A place is a revision where one stream is read, and a position of the log otherwise. */
function moreText(more: NonNullable<Printed['more']>, oneStream: boolean, next: NextEvents): string {
  if ('after' in more) return `… and more: ${next.from(oneStream ? String(more.after.revision + 1) : more.after.position)}`;
  return `… and earlier: ${next.before(oneStream ? String(more.before.revision) : more.before.position)}`;
}
