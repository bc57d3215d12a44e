import type { MessageInitShape } from '@bufbuild/protobuf';
import { FindingSeverity, type ExpectationSchema } from '../gen/refit/pipeline/v1/spec_pb.js';
import { durationMs } from './durations.js';
import { disjointOf, increasingOf, keyOf, notInFutureOf, orderedOf, type BetweenMapping, type ExpectationMapping, type RowCountMapping } from './expectation-mapping.js';

type Expected = NonNullable<MessageInitShape<typeof ExpectationSchema>['expected']>;

/** What can be expected, in the order in which the documentation tells of it. */
export const expectationKinds = [
  'unique', 'notNull', 'allowed', 'regex', 'between', 'increasing', 'notInFuture', 'fresh', 'ordered', 'sql', 'rowCount', 'disjoint',
] as const satisfies readonly (keyof ExpectationMapping)[];

const severities = { info: FindingSeverity.INFO, warning: FindingSeverity.WARNING, failure: FindingSeverity.FAILURE };

/** An expectation of a valid file with every default written out. */
export const expectation = (written: ExpectationMapping): MessageInitShape<typeof ExpectationSchema> => ({
  name: expectationName(written), severity: severities[written.severity ?? 'failure'], mostly: written.mostly ?? 1, where: written.where ?? '', expected: expected(written),
});

/** Its own name, or what is expected, in at most 128 characters: `delay between -60 and 1440`. */
export function expectationName(written: ExpectationMapping): string {
  const name = written.name ?? `${describe(written)}${written.where === undefined ? '' : ` where ${written.where}`}`.replaceAll(/\s+/gu, ' ');
  return name.length > 128 ? `${name.slice(0, 127)}…` : name;
}

function expected(written: ExpectationMapping): Expected {
  const { unique, notNull, allowed, regex, between, fresh, sql } = written;
  if (unique !== undefined) return { case: 'unique', value: { columns: [...keyOf(unique)] } };
  if (notNull !== undefined) return { case: 'notNull', value: notNull };
  if (allowed) return { case: 'allowed', value: { column: allowed.column, values: allowed.values.map(String) } };
  if (regex) return { case: 'regex', value: regex };
  if (between) return { case: 'between', value: { column: between.column, minimum: boundText(between.minimum), maximum: boundText(between.maximum) } };
  if (fresh) return { case: 'fresh', value: { column: fresh.column, withinMs: durationMs(fresh.within) } };
  if (sql !== undefined) return { case: 'sql', value: sql };
  return expectedOfMany(written);
}

function expectedOfMany({ increasing, notInFuture, ordered, rowCount = {}, disjoint }: ExpectationMapping): Expected {
  if (increasing !== undefined) {
    const { column, strictly = false, per = [] } = increasingOf(increasing);
    return { case: 'increasing', value: { column, strictly, per: [...keyOf(per)] } };
  }
  if (notInFuture !== undefined) {
    const { column, tolerance = 0 } = notInFutureOf(notInFuture);
    return { case: 'notInFuture', value: { column, toleranceMs: durationMs(tolerance) } };
  }
  if (ordered) {
    const { columns, strictly = false } = orderedOf(ordered);
    return { case: 'ordered', value: { columns: [...columns], strictly } };
  }
  if (disjoint !== undefined) {
    const { columns, timeUnit = '' } = disjointOf(disjoint);
    return { case: 'disjoint', value: { columns: [...keyOf(columns)], timeUnit } };
  }
  return { case: 'rowCount', value: rowCountBand(rowCount) }; // the only kind left
}

export const rowCountBand = ({ batches = 8, atLeast = 0.5, atMost = 2 }: RowCountMapping): Required<RowCountMapping> => ({ batches, atLeast, atMost });

const boundText = (bound: number | string | undefined): string => (bound === undefined ? '' : String(bound));

function describe(written: ExpectationMapping): string {
  const { unique, notNull, allowed, regex, between, fresh, sql } = written;
  if (unique !== undefined) return `unique ${keyOf(unique).join(', ')}`;
  if (notNull !== undefined) return `${notNull} not null`;
  if (allowed) return `${allowed.column} in ${allowed.values.join(', ')}`;
  if (regex) return `${regex.column} matches ${regex.pattern}`;
  if (between) return `${between.column} ${betweenText(between)}`;
  if (fresh) return `${fresh.column} fresh within ${fresh.within}`;
  return sql ?? describeMany(written);
}

function describeMany({ increasing, notInFuture, ordered, rowCount = {}, disjoint }: ExpectationMapping): string {
  if (increasing !== undefined) {
    const { column, strictly = false, per } = increasingOf(increasing);
    return `${column} ${strictly ? 'strictly ' : ''}increasing${per === undefined ? '' : ` per ${keyOf(per).join(', ')}`}`;
  }
  if (notInFuture !== undefined) return `${notInFutureOf(notInFuture).column} not in the future`;
  if (ordered) return orderedOf(ordered).columns.join(orderedOf(ordered).strictly ? ' < ' : ' <= ');
  if (disjoint !== undefined) {
    const { columns, timeUnit } = disjointOf(disjoint);
    return `no ${keyOf(columns).join(', ')} in both test and training${timeUnit === undefined ? '' : ` by ${timeUnit}`}`;
  }
  const { batches, atLeast, atMost } = rowCountBand(rowCount);
  return `row count ${atLeast} to ${atMost} times the median of ${batches} batches`;
}

function betweenText({ minimum, maximum }: BetweenMapping): string {
  if (minimum === undefined) return `at most ${maximum}`;
  return maximum === undefined ? `at least ${minimum}` : `between ${minimum} and ${maximum}`;
}
