import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { comparePositions } from '../event-store.js';
import { fromPosition, isPlace, toPosition, type LogPosition } from './log-position.js';

const half = fc.bigInt({ min: 0n, max: 2n ** 63n - 1n });
const place: fc.Arbitrary<LogPosition> = fc.record({ commit: half, prepare: half });

/** As the server orders them: Position.CompareTo. */
const compare = (a: LogPosition, b: LogPosition) => Number(a.commit > b.commit) - Number(a.commit < b.commit) || Number(a.prepare > b.prepare) - Number(a.prepare < b.prepare);

describe('positions in KurrentDB', () => {
  it('come back as they were', () => {
    fc.assert(fc.property(place, (position) => {
      expect(fromPosition(toPosition(position))).toEqual(position);
    }));
  });

  it('are ordered as the server orders them', () => {
    fc.assert(fc.property(place, place, (a, b) => {
      expect(Math.sign(comparePositions(toPosition(a), toPosition(b)))).toBe(compare(a, b));
    }));
  });

  it('tell a place between two events from the event at that place', () => {
    expect(comparePositions(toPosition({ commit: 5000n, prepare: 0n }), toPosition({ commit: 5000n, prepare: 5000n }))).toBeLessThan(0);
  });

  it('are refused when they come from elsewhere', () => {
    for (const position of ['', 'end', '-1', '1.5', '9'.repeat(41)]) expect(() => fromPosition(position)).toThrow(/not a position in this log/);
  });

  it('are none where the server says that it knows of none', () => {
    const none = 2n ** 64n - 1n;
    expect([isPlace(undefined), isPlace({ commit: none, prepare: none }), isPlace({ commit: 5n, prepare: 0n })]).toEqual([false, false, true]);
  });
});
