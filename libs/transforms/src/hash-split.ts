import { create } from '@bufbuild/protobuf';
import { RefitError, SplitKind, SplitMembershipSchema, type Split, type SplitMembership } from '@refit/contracts';
import { hash } from 'node:crypto';
import type { ColumnTable, TableColumn } from './column-table.js';

/** The rule of a split by a key column. @throws RefitError SPLIT_IMPOSSIBLE when there is no such column */
export function hashMembership(table: ColumnTable, spec: Split): SplitMembership {
  if (!table.columns.has(spec.column)) throw new RefitError('SPLIT_IMPOSSIBLE', `the data has no column "${spec.column}" to split by`);
  return create(SplitMembershipSchema, { kind: SplitKind.HASH, column: spec.column, salt: spec.salt, ...bounds(spec) });
}

/** The rule of a split by the values of the whole row. */
export function randomMembership(table: ColumnTable, spec: Split): SplitMembership {
  const columns = [...table.columns.keys()].sort();
  return create(SplitMembershipSchema, { kind: SplitKind.RANDOM, columns, salt: spec.salt, ...bounds(spec) });
}

const bounds = ({ testFraction, validationFraction }: Split) => ({
  testBelow: testFraction,
  validationBelow: testFraction + validationFraction,
});

/** The columns whose values a hash or random rule looks at. */
export const keyColumns = (membership: SplitMembership): readonly string[] =>
  membership.kind === SplitKind.HASH ? [membership.column] : membership.columns;

/**
 * Where each row of a table lies on [0, 1): the first 48 bits of SHA-256 over salt and key, as a fraction. All NaN when
 * the table lacks a column that the rule needs.
 */
export function rowFractions(membership: SplitMembership, table: ColumnTable): Float64Array {
  const columns = keyColumns(membership).map((name) => table.columns.get(name));
  const known = columns.filter((column) => column !== undefined);
  if (known.length < columns.length || columns.length === 0) return new Float64Array(table.rows).fill(NaN);
  const fractions = new Float64Array(table.rows);
  const fractionOf = membership.kind === SplitKind.HASH ? memoized(membership.salt) : (key: string) => hashFraction(membership.salt, key);
  for (let row = 0; row < table.rows; row++) fractions[row] = fractionOf(rowKey(known, row));
  return fractions;
}

/** The keys of a hash split repeat, and hashing is most of the work. */
function memoized(salt: string): (key: string) => number {
  const known = new Map<string, number>();
  return (key) => {
    const fraction = known.get(key) ?? hashFraction(salt, key);
    if (known.size < 100_000) known.set(key, fraction);
    return fraction;
  };
}

/** One call and hexadecimal: four times as fast as a Hash object and its Buffer, and this runs once per row. */
const hashFraction = (salt: string, key: string): number => parseInt(hash('sha256', `${salt}\u0000${key}`, 'hex').slice(0, 12), 16) / 2 ** 48;

const SEPARATOR = '\u001f';
const MISSING = '\u0000';

function rowKey(columns: readonly TableColumn[], row: number): string {
  let key = '';
  for (const column of columns) key += cellText(column, row) + SEPARATOR;
  return key.slice(0, -SEPARATOR.length);
}

function cellText(column: TableColumn, row: number): string {
  if (column.kind === 'category') return column.codes[row] < 0 ? MISSING : column.dictionary[column.codes[row]];
  const value = column.values[row];
  return Number.isNaN(value) ? MISSING : String(value);
}
