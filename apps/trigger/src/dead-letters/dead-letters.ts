import { Injectable } from '@nestjs/common';
import { DeadLetterDiscardedSchema, event, RefitError, type DeadLetterParked } from '@refit/contracts';
import type { LetterFilter, LetterRow, LetterStatus, PageRequest } from '@refit/projections';
import { Clock } from '../clock.js';
import { Gathering } from '../gathering.js';
import { InTurn } from '../in-turn.js';
import { LetterBodies } from './letter-bodies.js';
import { LetterStream, requireParked } from './letter-stream.js';
import { letterOf, type RefusedMessage } from './refused-message.js';

export interface DeadLetter {
  readonly parked: DeadLetterParked;
  readonly status: LetterStatus;
}

/** Of letters in one append, which takes 1 MiB: a letter has up to 32 KiB of body as base64, and headers, key and reason. */
const bytesPerAppend = 768 * 1024;
const discardedAtOnce = 500;

/** Messages from outside that were refused: kept in the log until a person retries or discards them. */
@Injectable()
export class DeadLetters {
  readonly #parking = new Gathering<RefusedMessage, string>(new InTurn(), (refused) => this.#park(refused));

  constructor(
    private readonly stream: LetterStream,
    private readonly bodies: LetterBodies,
    private readonly clock: Clock,
  ) {}

  /**
   * Keeps refused messages; a message that comes from the same place again is kept once.
   *
   * @returns the ids of their letters
   * @throws RefitError STORE_UNAVAILABLE, DISK_FULL
   */
  park(refused: readonly RefusedMessage[]): Promise<readonly string[]> {
    return Promise.all(refused.map((message) => this.#parking.do(message)));
  }

  /** Newest first. */
  async list(request: LetterFilter & PageRequest): Promise<{ readonly letters: readonly DeadLetter[]; readonly nextPageToken: string }> {
    const { items, nextPageToken } = (await this.stream.known()).list(request);
    return { letters: await Promise.all(items.map((row) => this.#letter(row))), nextPageToken };
  }

  /**
   * The letter whose id begins so, with its body as it was received.
   *
   * @throws RefitError DEAD_LETTER_NOT_FOUND, REQUEST_INVALID when there are several
   */
  async get(prefix: string): Promise<DeadLetter> {
    const letter = await this.#letter(await this.#find(prefix));
    return letter.status === 'discarded' ? letter : { ...letter, parked: { ...letter.parked, body: await this.bodies.of(letter.parked) } };
  }

  /** @throws RefitError DEAD_LETTER_NOT_FOUND, DEAD_LETTER_SETTLED, REQUEST_INVALID */
  async discard(prefix: string, actor: string, reason: string): Promise<void> {
    const { letterId, bodyHash, status } = await this.#find(prefix);
    if (status === 'discarded') await this.bodies.forget(bodyHash); // a crash may have come in between
    await this.stream.append((letters) => {
      requireParked(letters.get(letterId), letterId);
      return [event(DeadLetterDiscardedSchema, { letterId, actor, reason })];
    }, actor);
    await this.bodies.forget(bodyHash);
  }

  /** All that are asked for, of those that are parked now; returns how many. */
  async discardAll(filter: Omit<LetterFilter, 'includeSettled'>, actor: string, reason: string): Promise<number> {
    const end = (await this.stream.known()).end();
    let discarded = 0;
    for (;;) {
      let rows: readonly LetterRow[] = [];
      await this.stream.append((letters) => {
        rows = letters.list({ ...filter, pageSize: discardedAtOnce }).items.filter(({ revision }) => revision <= end);
        return rows.map(({ letterId }) => event(DeadLetterDiscardedSchema, { letterId, actor, reason }));
      }, actor);
      for (const { bodyHash } of rows) await this.bodies.forget(bodyHash);
      if (rows.length === 0) return discarded;
      discarded += rows.length;
    }
  }

  async #park(refused: readonly RefusedMessage[]): Promise<readonly string[]> {
    const ids: string[] = [];
    let append: DeadLetterParked[] = [];
    let room = bytesPerAppend;
    for (const message of refused) {
      const parked = await this.#withBody(letterOf(message, this.clock.now()));
      ids.push(parked.letterId);
      if (append.length > 0 && room < largestEvent(parked)) {
        await this.#append(append);
        [append, room] = [[], bytesPerAppend];
      }
      append.push(parked);
      room -= largestEvent(parked);
    }
    await this.#append(append);
    return ids;
  }

  async #find(prefix: string): Promise<LetterRow> {
    const given = prefix.trim().toLowerCase();
    const [first, second] = (await this.stream.known()).beginningWith(given);
    if (!first) throw new RefitError('DEAD_LETTER_NOT_FOUND', `there is no dead letter whose id begins with ${given}; see \`refit dead-letters --all\``);
    if (second) throw new RefitError('REQUEST_INVALID', `several dead letters begin with ${given}, such as ${first.letterId} and ${second.letterId}; give more of the id`);
    return first;
  }

  async #letter(row: LetterRow): Promise<DeadLetter> {
    return { parked: await this.stream.parked(row), status: row.status };
  }

  async #withBody({ parked, beside }: ReturnType<typeof letterOf>): Promise<DeadLetterParked> {
    return beside ? { ...parked, bodyHash: await this.bodies.keep(parked.letterId, beside) } : parked;
  }

  async #append(parked: readonly DeadLetterParked[]): Promise<void> {
    const once = [...new Map(parked.map((letter) => [letter.letterId, letter])).values()];
    await this.stream.append((letters) => once.filter(({ letterId }) => letters.get(letterId) === undefined));
  }
}

/** As JSON: bytes in base64, and of the texts every character might take six. */
const largestEvent = ({ body, key, headers, reason, origin }: DeadLetterParked) =>
  Math.ceil((body.byteLength + key.byteLength) * 4 / 3) + Buffer.byteLength(JSON.stringify([headers, reason, origin])) + 1024;
