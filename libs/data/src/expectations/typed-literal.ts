import { boundOf } from '@refit/contracts';
import type { SnapshotType } from '../column-types.js';
import { literal } from '../sql.js';

/** What the values of a column are, in words. */
export const nouns: Readonly<Record<SnapshotType, string>> = { BOOLEAN: 'true or false', BIGINT: 'a whole number', DOUBLE: 'a number', TIMESTAMP: 'a time', VARCHAR: 'text' };

const wholeNumber = /^[-+]?\d{1,19}$/u;

/** A value as it is written, as an SQL literal of a column's type; undefined where no such column can have it. */
export function typedLiteral(text: string, type: SnapshotType): string | undefined {
  switch (type) {
    case 'VARCHAR':
      return literal(text);
    case 'BOOLEAN':
      return /^(true|false)$/iu.test(text) ? text.toLowerCase() : undefined;
    case 'BIGINT':
      return wholeNumber.test(text) && BigInt.asIntN(64, BigInt(text)) === BigInt(text) ? `${literal(text)}::BIGINT` : undefined;
    case 'DOUBLE':
      return boundOf(text)?.is === 'number' ? `${literal(text)}::DOUBLE` : undefined;
    case 'TIMESTAMP':
      return boundOf(text)?.is === 'time' ? `${literal(seconds(text.replace('T', ' ').replace(/Z$/u, '')))}::TIMESTAMP` : undefined;
  }
}

/** A bound of whole numbers may lie between two of them: below 2^53, where it could, comparing them as DOUBLE is exact. */
export const boundLiteral = (text: string, type: SnapshotType): string | undefined => typedLiteral(text, type) ?? (type === 'BIGINT' ? typedLiteral(text, 'DOUBLE') : undefined);

/** DuckDB wants them written. */
const seconds = (time: string) => (/ \d{2}:\d{2}$/u.test(time) ? `${time}:00` : time);

/** Milliseconds since 1970. */
export const timeLiteral = (ms: number): string => `make_timestamp(${BigInt(Math.round(ms * 1000))})`;
