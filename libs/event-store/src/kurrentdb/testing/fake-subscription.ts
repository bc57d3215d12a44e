import { randomUUID } from 'node:crypto';
import type { ServerWritableStream } from '@grpc/grpc-js';
import type { ReadReq, ReadResp } from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/streams_pb.js';
import { changed, written } from './fake-call.js';
import type { Entry, FakeLog } from './fake-log.js';
import { caughtUpMessage, checkpointMessage, confirmationMessage, eventMessage, type Checkpoint } from './fake-messages.js';
import { compare, filterOf, lastPlace, later, placeOf } from './fake-read-options.js';

/** How many entries the server considers in one page while a subscription catches up. */
const pageSize = 32;
/** A subscription that is so far behind goes back to reading pages. */
const liveBuffer = 64;

/** A subscription to $all: catches up page by page, says so, goes on live, and catches up again when it is too slow. */
export class FakeSubscription {
  readonly #log: FakeLog;
  readonly #call: ServerWritableStream<ReadReq, ReadResp>;
  readonly #wants: (entry: Entry) => boolean;
  readonly #interval: number;
  /** The event or checkpoint that was sent last. */
  #place: Checkpoint | undefined;
  #index: number;
  #considered = 0;

  constructor(log: FakeLog, call: ServerWritableStream<ReadReq, ReadResp>, options: ReadReq.Options) {
    const filter = options.getFilter();
    const all = options.getAll();
    this.#log = log;
    this.#call = call;
    this.#wants = filterOf(options);
    this.#interval = (filter?.getCheckpointintervalmultiplier() ?? 1) * (filter?.hasMax() ? filter.getMax() : pageSize);
    if (!all?.hasStart()) this.#place = all?.hasEnd() ? lastPlace(log) : placeOf(options, log);
    this.#index = this.#place === undefined ? 0 : log.indexOf(this.#place.commit);
  }

  async run(): Promise<void> {
    await this.#send(confirmationMessage(randomUUID()));
    while (!this.#call.cancelled) {
      await this.#catchUp();
      await this.#send(caughtUpMessage(this.#place));
      await this.#live();
    }
  }

  async #catchUp(): Promise<void> {
    for (let entry = this.#next; entry !== undefined && !this.#call.cancelled; entry = this.#next) {
      // A page that is done leaves a place between two events: the boundary, and 0 for the prepare.
      if (this.#index % pageSize === 0) this.#place = later(this.#place, { commit: entry.position, prepare: 0n });
      await this.#handOn(entry);
      if (this.#considered >= this.#interval) await this.#checkpoint();
    }
    await this.#checkpoint();
  }

  async #live(): Promise<void> {
    while (!this.#call.cancelled && this.#log.entries.length - this.#index < liveBuffer) {
      const entry = this.#next;
      if (entry === undefined) {
        await changed(this.#log, this.#call);
        continue;
      }
      await this.#handOn(entry);
      if (this.#considered < this.#interval) continue;
      this.#place = placeAt(entry);
      await this.#checkpoint();
    }
  }

  get #next(): Entry | undefined {
    return this.#log.entries[this.#index];
  }

  async #handOn(entry: Entry): Promise<void> {
    this.#index += 1;
    const at = placeAt(entry);
    if (this.#place !== undefined && compare(at, this.#place) <= 0) return;
    this.#considered += 1;
    if (!this.#wants(entry)) return;
    await this.#send(eventMessage(entry, false));
    this.#place = at;
  }

  async #checkpoint(): Promise<void> {
    this.#considered = 0;
    if (this.#place !== undefined) await this.#send(checkpointMessage(this.#place));
  }

  #send(message: ReadResp): Promise<void> {
    return written(this.#call, message);
  }
}

const placeAt = ({ position }: Entry): Checkpoint => ({ commit: position, prepare: position });
