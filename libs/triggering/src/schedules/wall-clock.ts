/** A reading of a clock on the wall, as the milliseconds since 1970 that UTC would show it at. */
export type WallTime = number;

/** The clock on the wall in one time zone. */
export class WallClock {
  readonly #format: Intl.DateTimeFormat;
  /** By day of UTC: asking Intl takes longer than all the rest. */
  readonly #days = new Map<number, Day>();

  /** @throws RangeError for a time zone that does not exist */
  constructor(timeZone: string) {
    this.#format = new Intl.DateTimeFormat('en-US', {
      timeZone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric',
    });
  }

  /** How far it is ahead of UTC, in milliseconds. */
  offsetAt(instant: number): number {
    const day = Math.floor(instant / dayLength);
    const known = this.#days.get(day) ?? this.#look(day);
    return instant < known.changesAt ? known.before : known.after;
  }

  #look(day: number): Day {
    let [from, until] = [day * dayLength, (day + 1) * dayLength];
    const [before, after] = [this.#read(from), this.#read(until)];
    while (before !== after && until - from > 1000) {
      const middle = Math.floor((from + until) / 2000) * 1000;
      if (this.#read(middle) === before) from = middle;
      else until = middle;
    }
    const found = { before, after, changesAt: until };
    if (this.#days.size >= rememberedDays) this.#days.clear();
    this.#days.set(day, found);
    return found;
  }

  #read(instant: number): number {
    const read: Partial<Record<Intl.DateTimeFormatPartTypes, number>> = {};
    for (const { type, value } of this.#format.formatToParts(instant)) read[type] = Number(value);
    const { year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = read;
    return Date.UTC(year, month - 1, day, hour, minute, second) - instant;
  }

  /** By how much the clock is put forward or back within a change's own length of an instant; 0: it is not. */
  changeAround(instant: number): number {
    const change = Math.abs(this.offsetAt(instant + longestChange) - this.offsetAt(instant - longestChange));
    return change > 0 && this.offsetAt(instant - change) !== this.offsetAt(instant + change) ? change : 0;
  }

  /** When it shows a time: once, twice where it is put back, never where it is put forward over it. In order. */
  instantsOf(wall: WallTime): readonly number[] {
    const instants = [wall - this.offsetAt(wall - longestChange), wall - this.offsetAt(wall + longestChange)].sort((a, b) => a - b);
    return [...new Set(instants)].filter((instant) => wall - instant === this.offsetAt(instant));
  }

  /**
   * Where a time counts that is never shown: by the offset before the change, as in RFC 5545, 3.3.5. 02:30 of the night in
   * which 3 o'clock follows on 2 is 03:30.
   */
  insteadOf(wall: WallTime): number {
    return wall - this.offsetAt(wall - longestChange);
  }
}

interface Day {
  readonly before: number;
  readonly after: number;
  /** The instant from which on `after` holds. */
  readonly changesAt: number;
}

const dayLength = 86_400_000;
const rememberedDays = 1000;

/** Samoa left out a day; zones are at most 14 hours from UTC. */
const longestChange = 26 * 3_600_000;
