import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Occurrences } from './occurrences.js';

const at = (time: string) => Date.parse(time);
const minute = (ms: number) => new Date(ms).toISOString().slice(0, 16) + 'Z';
const every = (cron: string, timeZone = 'Europe/Berlin') => new Occurrences({ cron, timeZone });

interface Reference {
  readonly cron: string;
  readonly timeZone: string;
  readonly from: string;
  readonly until: string;
  readonly occurrences: readonly string[];
}

/** By croniter 7.0.0 and Python's zoneinfo: occurrences.reference.py. */
const references = JSON.parse(readFileSync(new URL('occurrences.reference.json', import.meta.url), 'utf8')) as readonly Reference[]; // as that script wrote it

describe('the occurrences of a schedule', () => {
  it.each(references)('are those of another implementation: $cron in $timeZone from $from', ({ cron, timeZone, from, until, occurrences }) => {
    expect(every(cron, timeZone).between(at(from), at(until), 10_000).map(minute)).toEqual(occurrences);
  });

  it.each(references)('are the same from wherever one looks: $cron in $timeZone from $from', ({ cron, timeZone, from, until }) => {
    const schedule = every(cron, timeZone);
    const all = schedule.between(at(from), at(until), 10_000);
    for (const [i, occurrence] of all.entries()) {
      expect(schedule.next(occurrence)).toBe(all[i + 1] ?? schedule.next(all.at(-1)!));
      expect(schedule.next(occurrence - 1)).toBe(occurrence);
    }
  });

  // The European Union's summer time of 2001: from 25 March, 01:00 UTC, to 28 October, 01:00 UTC (directive 97/44/EC).
  it.each([
    ['an hour that is left out comes later by the change', '30 2 * * *', '2001-03-25T00:00Z', '2001-03-25T01:30Z'],
    ['and does not come twice where it meets another', '0 2,3 * * *', '2001-03-25T01:00Z', '2001-03-26T00:00Z'],
    ['of every second hour too', '15 */2 * * *', '2001-03-25T00:00Z', '2001-03-25T01:15Z'],
    ['of two equal hours the first counts', '30 2 * * *', '2001-10-28T00:00Z', '2001-10-28T00:30Z'],
    ['and the second does not', '30 2 * * *', '2001-10-28T00:30Z', '2001-10-29T01:30Z'],
    ['unless the schedule is of every hour', '30 * * * *', '2001-10-28T00:30Z', '2001-10-28T01:30Z'],
  ])('%s', (_rule, cron, after, next) => {
    expect(minute(every(cron).next(at(after))!)).toBe(next);
  });

  it('come strictly after, also within their second', () => {
    expect(every('0 6 * * *', 'UTC').next(at('2001-02-05T06:00:00Z'))).toBe(at('2001-02-06T06:00:00Z'));
    expect(every('0 6 * * *', 'UTC').next(at('2001-02-05T05:59:59.999Z'))).toBe(at('2001-02-05T06:00:00Z'));
    expect(every('0 6 * * *', 'UTC').next(at('2001-02-05T06:00:00.001Z'))).toBe(at('2001-02-06T06:00:00Z'));
    expect(every('*/10 * * * * *', '').next(at('2001-02-05T06:00:03.500Z'))).toBe(at('2001-02-05T06:00:10Z'));
  });

  it.each([['* * * * *', 100, '2001-03-24'], ['0 6 * * *', 7, '2001-01-01'], ['0 6 * * MON', 1000, '2000-01-01'], ['0 0 29 2 *', 2, '1980-01-01']])('%s: the newest %i are the end of all of them', (cron, limit, from) => {
    const until = at('2001-03-27T12:34Z');
    const schedule = every(cron);
    expect(schedule.newest(at(from), until, limit)).toEqual(schedule.between(at(from), until, 100_000).slice(-limit));
  });

  it('refuse what is no schedule', () => {
    expect(() => every('every day')).toThrow(/CronPattern/);
    expect(() => every('0 6 * * *', 'Europe/Atlantis')).toThrow(/Europe\/Atlantis/);
  });
});
