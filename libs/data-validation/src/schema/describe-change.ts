import type { SchemaChange, Tolerance } from '@refit/contracts';
import { number, percent, some } from '../wording.js';

/** What a change would say, for a person: `origin may be "ZRH"`. */
export function describeChange({ column, change }: SchemaChange): string {
  if (change.case === undefined) return 'a change that this version does not know';
  const describe = descriptions[change.case] as (column: string, value: typeof change.value) => string; // the one of this case
  return describe(column, change.value);
}

type Case = NonNullable<SchemaChange['change']['case']>;
type Descriptions = { readonly [C in Case]: (column: string, value: Extract<SchemaChange['change'], { case: C }>['value']) => string };

const descriptions: Descriptions = {
  addColumn: (column, { type }) => `${column} is expected, as ${type}`,
  removeColumn: (column) => `${column} is no column of it any more`,
  makeOptional: (column) => `${column} need not be there`,
  type: (column, type) => `${column} is of type ${type}`,
  minimumNullRate: (column, rate) => `${column} may have as little as ${percent(rate)} missing`,
  maximumNullRate: (column, rate) => `${column} may have up to ${percent(rate)} missing`,
  minimum: (column, value) => `${column} may go down to ${number(value)}`,
  maximum: (column, value) => `${column} may go up to ${number(value)}`,
  addValues: (column, { values }) => `${column} may be ${some(values.map(quoted), 5)}`,
  anyValue: (column) => `${column} may have any value`,
  unique: (column, unique) => (unique ? `no value of ${column} comes twice` : `values of ${column} may come more than once`),
  environments: (column, { names }) => `${column} is expected ${names.length === 0 ? 'everywhere' : `in ${names.join(' and ')} only`}`,
  tolerate: (column, tolerance) => describeTolerance({ ...tolerance, column }),
};

/** What is let pass, and how far; by whom and why, where that is known. */
export function describeTolerance(tolerance: Pick<Tolerance, 'column' | 'kind' | 'upTo' | 'downTo'> & Partial<Origin>): string {
  const { column, kind, upTo, downTo } = tolerance;
  const bounds = [...(upTo === undefined ? [] : [`up to ${number(upTo)}`]), ...(downTo === undefined ? [] : [`down to ${number(downTo)}`])];
  return `${kind}${column === '' ? '' : ` of ${column}`} is let pass${bounds.length === 0 ? ', however bad' : `, ${bounds.join(' and ')}`}${describeOrigin(tolerance)}`;
}

type Origin = Pick<Tolerance, 'actor' | 'reason' | 'sinceVersion'>;

/** ` by ann since version 3: the scale is new`; nothing where nobody is known. */
export const describeOrigin = ({ actor = '', reason = '', sinceVersion = 0 }: Partial<Origin>): string =>
  actor === '' ? '' : ` by ${actor} since version ${sinceVersion}${reason === '' ? '' : `: ${reason}`}`;

const quoted = (value: string) => `"${value.length > 40 ? `${value.slice(0, 39)}…` : value}"`;
