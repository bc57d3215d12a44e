import { invalid, shorten, type Envelope } from './envelope.js';

/** Longest id and source taken, in characters. They are kept with every verdict. */
const limits = { id: 256, source: 512, type: 256 } as const;

export interface Attributes {
  readonly id: string;
  readonly source: string;
  readonly type: string;
  /** Milliseconds since 1970. */
  readonly time?: number;
}

/**
 * The context attributes, checked against the specification's schema by the `cloudevents` library. Presence is checked
 * first: the library would invent a missing id and time.
 *
 * @throws RefitError CLOUD_EVENT_INVALID
 */
export async function checkAttributes({ attributes, nameOf }: Envelope): Promise<Attributes> {
  const text = (name: keyof typeof limits | 'specversion'): string => {
    const value = attributes[name];
    if (value === undefined) throw invalid(`${nameOf(name)} is missing; every CloudEvent has one`);
    if (typeof value !== 'string') throw invalid(`${nameOf(name)} must be a string, not ${JSON.stringify(value)}`);
    if (value === '') throw invalid(`${nameOf(name)} is empty`);
    return value;
  };
  const version = text('specversion');
  if (version !== '1.0') throw invalid(`${nameOf('specversion')} is "${shorten(version)}"; Refit reads CloudEvents 1.0`);
  const [id, source, type] = [text('id'), text('source'), text('type')];
  for (const [name, limit] of Object.entries(limits)) {
    const { length } = String(attributes[name]);
    if (length > limit) throw invalid(`${nameOf(name)} has ${length} characters; at most ${limit} are taken`);
  }
  await checkAgainstSchema(attributes, nameOf);
  const time = attributes['time'];
  return { id, source, type, ...(typeof time === 'string' && { time: instant(time, nameOf) }) };
}

/** Loaded at the first event: it takes 50 ms, which the command line need not pay, and a service better spends before it is up. */
export const loadCloudEvents = () => import('cloudevents');

async function checkAgainstSchema(attributes: Envelope['attributes'], nameOf: Envelope['nameOf']): Promise<void> {
  const { CloudEvent, ValidationError } = await loadCloudEvents();
  try {
    new CloudEvent(attributes, true).validate();
  } catch (error) {
    if (!(error instanceof ValidationError)) throw invalid(`the event's attributes are wrong: ${String(error)}`, error);
    const first = (error.errors ?? [])[0];
    const path = typeof first === 'object' && first !== null && 'instancePath' in first ? String(first.instancePath).slice(1) : '';
    if (path === '') throw invalid(`the event's attributes are wrong: ${error.message.split('\n', 1)[0]}`, error);
    throw invalid(`${nameOf(path)} is ${shorten(JSON.stringify(attributes[path]))}, ${expected[path] ?? 'which the CloudEvents schema does not allow'}`, error);
  }
}

const expected: Readonly<Record<string, string>> = {
  time: 'not a time as RFC 3339 writes it, such as 2001-02-05T06:00:00Z',
  source: 'not a URI reference, such as /warehouse/exports',
  dataschema: 'not a URI',
};

function instant(time: string, nameOf: Envelope['nameOf']): number {
  const at = Date.parse(time);
  if (Number.isNaN(at) || at < Date.parse('0001-01-01')) throw invalid(`${nameOf('time')} is "${shorten(time)}", ${expected['time']}`);
  return at;
}
