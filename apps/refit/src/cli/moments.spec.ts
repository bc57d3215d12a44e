import { describe, expect, it } from 'vitest';
import { readMoment } from './moments.js';

const noon = Date.UTC(2026, 0, 31, 12);

describe('a moment', () => {
  it.each([['90s', 90], ['30m', 1800], ['30min', 1800], ['1.5h', 5400], ['2h', 7200], ['3 d', 259_200], ['1w', 604_800]])('%s is that long ago', (text, seconds) => {
    expect(readMoment(text, noon)?.getTime()).toBe(noon - seconds * 1000);
  });
  it.each([
    ['2026-01-31', new Date(2026, 0, 31)],
    ['2026-01-31T12:30', new Date(2026, 0, 31, 12, 30)],
    ['2026-01-31 12:30:05', new Date(2026, 0, 31, 12, 30, 5)],
    ['2026-01-31T12:30Z', new Date(Date.UTC(2026, 0, 31, 12, 30))],
    ['2026-01-31T12:30:05.250+02:00', new Date(Date.UTC(2026, 0, 31, 10, 30, 5, 250))],
  ])('%s is then', (text, moment) => {
    expect(readMoment(text, noon)).toEqual(moment);
  });
  it.each(['yesterday', '2 fortnights', '2026-02-31', '2026-13-01', '2026-01-31T25:00', '2026-01-31T12:00Q', '', '5', '1M', '1mo', '1y', '-1d', '99999999w'])('%j is none', (text) => {
    expect(readMoment(text, noon)).toBeUndefined();
  });
});
