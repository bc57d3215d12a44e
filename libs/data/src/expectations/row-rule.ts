import type { Expectation } from '@refit/contracts';
import type { SnapshotColumn, SnapshotType } from '../column-types.js';
import { identifier, literal } from '../sql.js';
import { boundLiteral, nouns, timeLiteral, typedLiteral } from './typed-literal.js';
import { noColumn, parenthesized } from './user-sql.js';

/** What is expected of each row by itself, as SQL that is true or false and never NULL. */
export interface RowRule {
  /** Whether the row has what is judged. */
  readonly judged: string;
  readonly good: string;
}

/** An expectation that these columns cannot be asked. */
export interface Fault {
  readonly fault: string;
}

export const isFault = (found: object): found is Fault => 'fault' in found;

/** The rule of an expectation that judges rows one by one; undefined for one that looks at several. */
export function rowRule({ expected }: Expectation, columns: readonly SnapshotColumn[], now: number): RowRule | Fault | undefined {
  switch (expected.case) {
    case 'notNull':
      return ofColumn(columns, expected.value, undefined, (column) => ({ judged: 'true', good: `${column} IS NOT NULL` }));
    case 'allowed':
      return allowed(columns, expected.value);
    case 'regex':
      return ofColumn(columns, expected.value.column, ['VARCHAR'], (column) => whereValue(column, `regexp_full_match(${column}, ${literal(expected.value.pattern)})`));
    case 'between':
      return between(columns, expected.value);
    case 'notInFuture':
      return ofColumn(columns, expected.value.column, ['TIMESTAMP'], (column) => whereValue(column, `${column} <= ${timeLiteral(now + expected.value.toleranceMs)}`));
    case 'ordered':
      return ordered(columns, expected.value);
    case 'sql':
      return { judged: 'true', good: `${parenthesized(expected.value)} IS TRUE` };
    default:
      return undefined;
  }
}

/** A row without a value breaks no rule about values. */
const whereValue = (column: string, good: string): RowRule => ({ judged: `${column} IS NOT NULL`, good: `coalesce(${good}, false)` });

export function ofColumn<T>(columns: readonly SnapshotColumn[], name: string, types: readonly SnapshotType[] | undefined, then: (column: string, type: SnapshotType) => T | Fault): T | Fault {
  const column = columns.find((candidate) => candidate.name === name);
  if (!column) return { fault: noColumn(name, columns.map((known) => known.name)) };
  if (types && !types.includes(column.type)) return { fault: `a value of "${name}" is ${nouns[column.type]}; expected ${types.map((type) => nouns[type]).join(' or ')}` };
  return then(identifier(name), column.type);
}

function allowed(columns: readonly SnapshotColumn[], { column: name, values }: { readonly column: string; readonly values: readonly string[] }): RowRule | Fault {
  return ofColumn<RowRule>(columns, name, undefined, (column, type) => {
    const literals = values.map((value) => typedLiteral(value, type));
    const impossible = values.find((_, i) => literals[i] === undefined);
    if (impossible !== undefined) return { fault: `a value of "${name}" is ${nouns[type]}, which ${JSON.stringify(impossible)} cannot be` };
    return whereValue(column, `${column} IN (${literals.join(', ')})`);
  });
}

function between(columns: readonly SnapshotColumn[], { column: name, minimum, maximum }: { readonly column: string; readonly minimum: string; readonly maximum: string }): RowRule | Fault {
  return ofColumn<RowRule>(columns, name, ['BIGINT', 'DOUBLE', 'TIMESTAMP'], (column, type) => {
    const bounds = [{ bound: minimum, comparison: '>=' }, { bound: maximum, comparison: '<=' }].filter(({ bound }) => bound !== '');
    const impossible = bounds.find(({ bound }) => boundLiteral(bound, type) === undefined);
    if (impossible) return { fault: `a value of "${name}" is ${nouns[type]}, which cannot be compared with ${JSON.stringify(impossible.bound)}` };
    const conditions = bounds.map(({ bound, comparison }) => `${column} ${comparison} ${boundLiteral(bound, type)}`);
    return whereValue(column, [...conditions, ...notNaN(column, type)].join(' AND '));
  });
}

function ordered(columns: readonly SnapshotColumn[], { columns: names, strictly }: { readonly columns: readonly string[]; readonly strictly: boolean }): RowRule | Fault {
  const found: { column: string; type: SnapshotType }[] = [];
  for (const name of names) {
    const one = ofColumn(columns, name, ['BIGINT', 'DOUBLE', 'TIMESTAMP'], (column, type) => ({ column, type }));
    if (isFault(one)) return one;
    found.push(one);
  }
  if (found.some(({ type }) => type === 'TIMESTAMP') && found.some(({ type }) => type !== 'TIMESTAMP')) return { fault: `some of ${names.join(', ')} are times and some are numbers: they have no order` };
  const pairs = found.slice(1).map(({ column }, i) => `${found[i]?.column} ${strictly ? '<' : '<='} ${column}`);
  const conditions = [...pairs, ...found.flatMap(({ column, type }) => notNaN(column, type))];
  return { judged: found.map(({ column }) => `${column} IS NOT NULL`).join(' AND '), good: `coalesce(${conditions.join(' AND ')}, false)` };
}

/** To DuckDB it is the largest number; it is none. */
const notNaN = (column: string, type: SnapshotType): readonly string[] => (type === 'DOUBLE' ? [`NOT isnan(${column})`] : []);
