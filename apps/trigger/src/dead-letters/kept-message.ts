import { maximumCloudEventBytes, type CloudEventMessage, type DeadLetterParked } from '@refit/contracts';

/** What is kept of a refused message at most, in the event, which must fit into the store, and beside it. */
export const keptBytes = { inline: 32 * 1024, whole: 1024 * 1024, key: 1024 } as const;
const limits = { header: 1024, headers: 4 * 1024 } as const;

/** Headers that say what the message is, the most telling first. Whatever could be a secret (authorization, cookies, keys) is not among them. */
const telling = ['content-type', 'specversion', 'id', 'source', 'type', 'time', 'content-encoding', 'user-agent', 'traceparent'];

type Kept = Pick<DeadLetterParked, 'headers' | 'body' | 'truncated' | 'bodyBytes'>;

/** The part of a message that a dead letter keeps; a long body is kept `beside` the letter, unless it is too long even for that. */
export function keptMessage({ transport = 'http', headers, body }: CloudEventMessage): Kept & { readonly beside?: Uint8Array } {
  const kept = { headers: keptHeaders(headers), bodyBytes: body.byteLength };
  // Over HTTP no more is read than shows that a body is too long.
  const isWhole = transport === 'kafka' ? body.byteLength <= keptBytes.whole : body.byteLength <= maximumCloudEventBytes;
  if (body.byteLength <= keptBytes.inline) return { ...kept, body, truncated: false };
  if (isWhole) return { ...kept, body: new Uint8Array(), truncated: false, beside: body };
  return { ...kept, body: body.slice(0, keptBytes.inline), truncated: true };
}

function keptHeaders(headers: CloudEventMessage['headers']): Record<string, string> {
  let room: number = limits.headers;
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers).map(([given, value]) => [given.toLowerCase(), value] as const).filter(([name]) => isTelling(name)).sort(byTelling)) {
    if (value === undefined) continue;
    const text = (typeof value === 'string' ? value : value.join(', ')).slice(0, limits.header);
    room -= name.length + text.length;
    if (room >= 0) kept[name] = text;
  }
  return kept;
}

const isAttribute = (name: string) => /^ce[-_]/.test(name);
const isTelling = (name: string) => isAttribute(name) || telling.includes(name);

const rank = (name: string) => {
  const at = telling.indexOf(isAttribute(name) ? name.slice(3) : name);
  return at === -1 ? telling.length : at;
};
const byTelling = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]) => rank(a) - rank(b);
