import streamsPb from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/streams_pb.js';
import sharedPb from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/shared_pb.js';
import type { ReadResp } from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/streams_pb.js';
import timestampPb from 'google-protobuf/google/protobuf/timestamp_pb.js';
import type { Entry } from './fake-log.js';

/** What the server answers a read with, by the classes that the client itself is built on. */

const { ReadResp: Response } = streamsPb;
const ticksPerMs = 10_000n;

export interface Checkpoint {
  readonly commit: bigint;
  readonly prepare: bigint;
}

export function eventMessage(entry: Entry, structuredIds: boolean): ReadResp {
  const event = new Response.ReadEvent.RecordedEvent();
  event.setId(idMessage(entry.id, structuredIds));
  event.setStreamIdentifier(streamIdentifier(entry.stream));
  event.setStreamRevision(String(entry.revision));
  event.setCommitPosition(String(entry.position));
  event.setPreparePosition(String(entry.position));
  event.setData(entry.data);
  event.setCustomMetadata(entry.metadata);
  event.getMetadataMap().set('type', entry.type).set('content-type', entry.contentType).set('created', String(BigInt(entry.created) * ticksPerMs));
  const read = new Response.ReadEvent();
  read.setEvent(event);
  read.setCommitPosition(String(entry.position));
  return new Response().setEvent(read);
}

export const confirmationMessage = (id: string): ReadResp => new Response().setConfirmation(new Response.SubscriptionConfirmation().setSubscriptionId(id));

export const notFoundMessage = (stream: string): ReadResp => new Response().setStreamNotFound(new Response.StreamNotFound().setStreamIdentifier(streamIdentifier(stream)));

export const checkpointMessage = ({ commit, prepare }: Checkpoint): ReadResp =>
  new Response().setCheckpoint(new Response.Checkpoint().setTimestamp(now()).setCommitPosition(String(commit)).setPreparePosition(String(prepare)));

/** Without a position when the log is empty. */
export function caughtUpMessage(place: Checkpoint | undefined): ReadResp {
  const caughtUp = new Response.CaughtUp().setTimestamp(now());
  if (place !== undefined) caughtUp.setPosition(new Response.Position().setCommitPosition(String(place.commit)).setPreparePosition(String(place.prepare)));
  return new Response().setCaughtUp(caughtUp);
}

export const streamIdentifier = (name: string) => new sharedPb.StreamIdentifier().setStreamName(Buffer.from(name));

function idMessage(id: string, structured: boolean) {
  if (!structured) return new sharedPb.UUID().setString(id);
  const bits = BigInt(`0x${id.replaceAll('-', '')}`);
  const halves = new sharedPb.UUID.Structured().setMostSignificantBits(signed(bits >> 64n)).setLeastSignificantBits(signed(bits));
  return new sharedPb.UUID().setStructured(halves);
}

const signed = (bits: bigint) => String(BigInt.asIntN(64, bits));

function now() {
  const time = new timestampPb.Timestamp();
  time.fromDate(new Date());
  return time;
}
