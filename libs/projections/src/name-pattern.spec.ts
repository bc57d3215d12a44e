import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { nameMatcher, namePattern } from './name-pattern.js';

describe('a pattern of names', () => {
  const names = ['flights', 'flights-delay', 'flights.delay', 'flightsXdelay', 'delay'];
  it.each([
    ['flights', ['flights']],
    ['flights*', ['flights', 'flights-delay', 'flights.delay', 'flightsXdelay']],
    ['flights?delay', ['flights-delay', 'flights.delay', 'flightsXdelay']],
    ['flights.delay', ['flights.delay']],
    ['*delay', ['flights-delay', 'flights.delay', 'flightsXdelay', 'delay']],
  ])('%s picks the same names here as in SQLite', (text, expected) => {
    expect(names.filter(nameMatcher(text))).toEqual(expected);
    const db = new DatabaseSync(':memory:');
    expect(names.filter((name) => db.prepare('SELECT ? GLOB ? AS hit').get(name, namePattern(text))?.['hit'] === 1)).toEqual(expected);
    db.close();
  });

  it.each(['a b', '[a-z]', "x'; --", '*a*b*c*d', 'a'.repeat(65)])('is refused when it is %j', (text) => {
    expect(() => namePattern(text)).toThrow('the name pattern');
  });
});
