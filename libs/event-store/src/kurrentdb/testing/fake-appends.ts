import type { ServerDuplexStream } from '@grpc/grpc-js';
import sharedPb from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/shared_pb.js';
import statusPb from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/status_pb.js';
import type { BatchAppendReq, BatchAppendResp } from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/streams_pb.js';
import streamsPb from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/streams_pb.js';
import anyPb from 'google-protobuf/google/protobuf/any_pb.js';
import emptyPb from 'google-protobuf/google/protobuf/empty_pb.js';
import type { Expected, FakeLog, Proposed } from './fake-log.js';
import { streamIdentifier } from './fake-messages.js';

export type BatchAppendCall = ServerDuplexStream<BatchAppendReq, BatchAppendResp>;

const maxAppendBytes = 1024 * 1024;
const { BatchAppendResp: Response } = streamsPb;

interface Batch {
  readonly stream: string;
  readonly expected: Expected;
  readonly events: Proposed[];
}

/** Answers `Streams.BatchAppend`: many appends over one call, each answered under its own id. */
export function answerBatchAppend(log: FakeLog, call: BatchAppendCall, done: (answer: () => void) => void): void {
  const batches = new Map<string, Batch>();
  call.on('data', (request: BatchAppendReq) => {
    const id = request.getCorrelationId()?.serializeBinary().toString() ?? '';
    const options = request.getOptions();
    if (options !== undefined) batches.set(id, { stream: Buffer.from(options.getStreamIdentifier()?.getStreamName_asU8() ?? []).toString(), expected: expectedOf(options), events: [] });
    const batch = batches.get(id);
    if (batch === undefined) return;
    for (const message of request.getProposedMessagesList()) batch.events.push(proposedOf(message));
    if (!request.getIsFinal()) return;
    batches.delete(id);
    const response = append(log, batch);
    response.setCorrelationId(request.getCorrelationId());
    response.setStreamIdentifier(streamIdentifier(batch.stream));
    done(() => call.write(response));
  });
  call.on('end', () => call.end());
  call.on('error', () => {});
}

function append(log: FakeLog, { stream, expected, events }: Batch): BatchAppendResp {
  const bytes = events.reduce((sum, { type, data, metadata }) => sum + 2 * type.length + data.length + metadata.length, 0);
  if (bytes > maxAppendBytes) return refused(new sharedPb.MaximumAppendSizeExceeded().setMaxappendsize(maxAppendBytes).serializeBinary(), 'MaximumAppendSizeExceeded');
  const outcome = log.append(stream, events, expected);
  if (outcome.kind === 'wrong-version') return refused(wrongVersion(outcome.current, expected), 'WrongExpectedVersion');
  const success = new Response.Success();
  success.setCurrentRevision(String(outcome.revision));
  if (outcome.position === undefined) success.setNoPosition(new emptyPb.Empty());
  else success.setPosition(new sharedPb.AllStreamPosition().setCommitPosition(String(outcome.position)).setPreparePosition(String(outcome.position)));
  return new Response().setSuccess(success);
}

function wrongVersion(current: number, expected: Expected): Uint8Array {
  const details = new sharedPb.WrongExpectedVersion();
  if (current === -1) details.setCurrentNoStream(new emptyPb.Empty());
  else details.setCurrentStreamRevision(String(current));
  if (expected === 'any') details.setExpectedAny(new emptyPb.Empty());
  else if (expected === 'no-stream') details.setExpectedNoStream(new emptyPb.Empty());
  else details.setExpectedStreamPosition(String(expected));
  return details.serializeBinary();
}

function refused(details: Uint8Array, type: string): BatchAppendResp {
  const packed = new anyPb.Any();
  packed.pack(details, `event_store.client.${type}`);
  return new Response().setError(new statusPb.Status().setMessage(type).setDetails(packed));
}

function expectedOf(options: BatchAppendReq.Options): Expected {
  if (options.hasAny()) return 'any';
  return options.hasNoStream() ? 'no-stream' : Number(options.getStreamPosition());
}

const proposedOf = (message: BatchAppendReq.ProposedMessage): Proposed => ({
  id: message.getId()?.getString() ?? '',
  type: message.getMetadataMap().get('type') ?? '',
  contentType: message.getMetadataMap().get('content-type') ?? '',
  data: message.getData_asU8(),
  metadata: message.getCustomMetadata_asU8(),
});
