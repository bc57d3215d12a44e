import { AlertKind, FindingSeverity, type Anomaly } from '@refit/contracts';
import { anomaly, onlyAnomalies, tolerate, type Check, type Subject } from '../finding.js';
import type { ColumnStatistics } from '../statistics.js';
import { percent } from '../wording.js';
import { columnLimits } from './column-limits.js';
import { looksLikeIdentifier } from './looks-like-identifier.js';
import { seenColumns, type SeenColumn } from './seen-columns.js';

/**
 * How many different values a column has: as the pipeline file bounds it; as many as rows where the schema has it unique;
 * and not suddenly as many as words where there were categories.
 */
export const checkUnique: Check = (subject) => onlyAnomalies(seenColumns(subject).flatMap((seen) => {
  const limits = columnLimits(subject.gate, seen.column.name);
  if (seen.present === 0) return [];
  const [few, many] = [belowLimit(subject, seen, limits?.minimumUnique), aboveLimit(subject, seen, limits?.maximumUnique)];
  return [...(few.length > 0 ? few : repeated(subject, seen)), ...(many.length > 0 ? many : exploded(subject, seen))];
}));

function belowLimit(subject: Subject, { column: { name, distinct } }: SeenColumn, minimum: number | undefined): readonly Anomaly[] {
  if (minimum === undefined || distinct >= minimum) return [];
  return [anomaly(subject, {
    ...low, severity: FindingSeverity.FAILURE, column: name, message: `${name}: ${distinct.toLocaleString('en-US')} different values, at least ${minimum.toLocaleString('en-US')} needed`,
    observed: String(distinct), expected: `at least ${minimum}`, change: tolerate(low.kind, { downTo: distinct }),
  })];
}

function aboveLimit(subject: Subject, { column: { name, distinct } }: SeenColumn, maximum: number | undefined): readonly Anomaly[] {
  if (maximum === undefined || distinct <= maximum) return [];
  return [anomaly(subject, {
    ...high, severity: FindingSeverity.FAILURE, column: name, message: `${name}: ${distinct.toLocaleString('en-US')} different values, at most ${maximum.toLocaleString('en-US')} allowed`,
    observed: String(distinct), expected: `at most ${maximum}`, change: tolerate(high.kind, { upTo: distinct }),
  })];
}

const low = { kind: 'FEATURE_TYPE_LOW_UNIQUE', alertKind: AlertKind.FEATURE } as const;
const high = { kind: 'FEATURE_TYPE_HIGH_UNIQUE', alertKind: AlertKind.FEATURE } as const;

/** An estimate of the number of values tells only as much as its error lets it. */
function repeated(subject: Subject, { column, rule, reference, present }: SeenColumn): readonly Anomaly[] {
  if (rule?.unique !== true) return [];
  // Told from the reference, it may be so of every batch and not of several together; a person means it.
  const isInferred = reference !== undefined && looksLikeIdentifier(reference);
  const { name, distinct, distinctError = 0 } = column;
  if (distinct >= present * (1 - 3 * distinctError)) return [];
  const share = (present - distinct) / present;
  return [anomaly(subject, {
    ...low, severity: isInferred ? FindingSeverity.WARNING : FindingSeverity.FAILURE, column: name,
    message: `${name}: ${percent(share)} of the rows repeat a value of another row; ${isInferred ? 'in the reference each row has its own' : 'the schema has it unique'}`,
    observed: `${distinct} different values in ${present} rows`, expected: `${present} different values`, change: { case: 'unique', value: false },
  })];
}

/** So many times as many different values are no longer the same categories. */
const manyTimes = 4;

function exploded(subject: Subject, { column, reference }: SeenColumn): readonly Anomaly[] {
  const wasCategory = reference?.semantic === 'categorical' && reference.type === 'string' && column.type === 'string';
  if (!wasCategory || isCategory(column) || column.distinct <= reference.distinct * manyTimes) return [];
  const { name, distinct } = column;
  return [anomaly(subject, {
    ...high, severity: FindingSeverity.WARNING, column: name,
    message: `${name}: ${distinct.toLocaleString('en-US')} different values where the reference has ${reference.distinct.toLocaleString('en-US')} categories`,
    observed: String(distinct), expected: `about ${reference.distinct}`, change: tolerate(high.kind, { upTo: distinct }),
  })];
}

const isCategory = ({ semantic }: ColumnStatistics) => semantic === 'categorical' || semantic === 'boolean' || semantic === 'constant';
