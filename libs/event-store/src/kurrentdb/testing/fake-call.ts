import { once } from 'node:events';
import type { ServerWritableStream } from '@grpc/grpc-js';
import type { ReadReq, ReadResp } from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/streams_pb.js';
import type { FakeLog } from './fake-log.js';

type Call = ServerWritableStream<ReadReq, ReadResp>;

/** Resolves when something was appended, or nobody waits for it any more. */
export async function changed(log: FakeLog, call: Call): Promise<void> {
  await unlessCancelled(call, (signal) => once(log.changes, 'change', { signal }));
}

/** Sends a message, no faster than it is taken. */
export async function written(call: Call, message: ReadResp): Promise<void> {
  if (!call.cancelled && !call.write(message)) await unlessCancelled(call, (signal) => once(call, 'drain', { signal }));
}

async function unlessCancelled(call: Call, wait: (signal: AbortSignal) => Promise<unknown>): Promise<void> {
  const waiting = new AbortController();
  const stop = () => waiting.abort();
  call.once('cancelled', stop);
  await wait(waiting.signal).catch(() => undefined);
  call.off('cancelled', stop);
}
