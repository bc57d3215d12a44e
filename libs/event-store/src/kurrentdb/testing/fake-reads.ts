import type { ServerWritableStream } from '@grpc/grpc-js';
import type { ReadReq, ReadResp } from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/streams_pb.js';
import type { Entry, FakeLog } from './fake-log.js';
import { eventMessage, notFoundMessage } from './fake-messages.js';
import { compare, filterOf, placeOf } from './fake-read-options.js';
import { FakeSubscription } from './fake-subscription.js';
import { written } from './fake-call.js';

export type ReadCall = ServerWritableStream<ReadReq, ReadResp>;

/** Answers `Streams.Read`: reads of streams and of $all in both directions, filtered or not, and subscriptions to $all. */
export async function answerRead(log: FakeLog, call: ReadCall): Promise<void> {
  const options = call.request.getOptions();
  if (options === undefined) return;
  const structured = options.getUuidOption()?.hasStructured() ?? true;
  if (options.hasSubscription()) return new FakeSubscription(log, call, options).run();
  for (const entry of read(log, options)) {
    if (call.cancelled) return;
    await written(call, 'missing' in entry ? notFoundMessage(entry.missing) : eventMessage(entry, structured));
  }
}

function* read(log: FakeLog, options: ReadReq.Options): Generator<Entry | { readonly missing: string }> {
  const backwards = options.getReadDirection() === 1;
  const count = Number(options.getCount());
  const stream = options.getStream();
  if (stream !== undefined) {
    const name = Buffer.from(stream.getStreamIdentifier()?.getStreamName_asU8() ?? []).toString();
    const from = stream.hasStart() ? 'start' : stream.hasEnd() ? 'end' : Number(stream.getRevision());
    const entries = log.readStream(name, backwards, from, count);
    if (entries === undefined) yield { missing: name };
    else yield* entries;
    return;
  }
  yield* readAll(log, options, backwards, count);
}

function* readAll(log: FakeLog, options: ReadReq.Options, backwards: boolean, count: number): Generator<Entry> {
  const wants = filterOf(options);
  const place = placeOf(options, log);
  // Forwards an event at the position itself is read, backwards only what ends before it.
  const isIn = ({ position, post }: Entry) => (backwards ? compare({ commit: post, prepare: post }, place) <= 0 : compare({ commit: position, prepare: position }, place) >= 0);
  let left = count;
  for (let index = backwards ? log.entries.length - 1 : log.indexOf(place.commit); left > 0; index += backwards ? -1 : 1) {
    const entry = log.entries[index];
    if (entry === undefined) return;
    if (!isIn(entry) || !wants(entry)) continue;
    left -= 1;
    yield entry;
  }
}
