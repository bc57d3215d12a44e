import type { CloudEventMessage, DeadLetterParked } from '@refit/contracts';

/** What is kept of a refused message at most: the event that holds it must fit into the store. */
const limits = { body: 32 * 1024, header: 1024, headers: 4 * 1024 } as const;

/** Headers that say what the message is. Whatever could be a secret (authorization, cookies, keys) is not among them. */
const isTelling = (name: string) => name.startsWith('ce-') || ['content-type', 'content-encoding', 'user-agent', 'traceparent'].includes(name);

/** The part of a message that a dead letter keeps. */
export function keptMessage({ headers, body }: CloudEventMessage): Pick<DeadLetterParked, 'headers' | 'body' | 'truncated'> {
  let room: number = limits.headers;
  const kept: Record<string, string> = {};
  for (const [given, value] of Object.entries(headers)) {
    const name = given.toLowerCase();
    if (value === undefined || !isTelling(name)) continue;
    const text = (typeof value === 'string' ? value : value.join(', ')).slice(0, limits.header);
    room -= name.length + text.length;
    if (room >= 0) kept[name] = text;
  }
  return { headers: kept, body: body.slice(0, limits.body), truncated: body.byteLength > limits.body };
}
