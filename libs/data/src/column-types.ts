import type { ColumnStatistics } from '@refit/data-validation';
import { identifier } from './sql.js';

/** The types that a snapshot's columns have; whatever a source has is brought into one of them. */
export type SnapshotType = 'BOOLEAN' | 'BIGINT' | 'DOUBLE' | 'TIMESTAMP' | 'VARCHAR';

export interface SnapshotColumn {
  readonly name: string;
  readonly type: SnapshotType;
}

const exact: ReadonlyMap<string, SnapshotType> = new Map([
  ['BOOLEAN', 'BOOLEAN'],
  ...['TINYINT', 'SMALLINT', 'INTEGER', 'BIGINT', 'UTINYINT', 'USMALLINT', 'UINTEGER'].map((t) => [t, 'BIGINT'] as const),
  ...['FLOAT', 'DOUBLE', 'UBIGINT', 'HUGEINT', 'UHUGEINT', 'BIGNUM'].map((t) => [t, 'DOUBLE'] as const),
  ...['DATE', 'TIMESTAMP', 'TIMESTAMP_S', 'TIMESTAMP_MS', 'TIMESTAMP_NS', 'TIMESTAMP WITH TIME ZONE'].map((t) => [t, 'TIMESTAMP'] as const),
]);

/** Whole numbers that a BIGINT cannot hold become DOUBLE; times of day, intervals, bytes and nested values become text. */
export function snapshotType(duckDbType: string): SnapshotType {
  if (duckDbType.startsWith('DECIMAL')) return 'DOUBLE';
  return exact.get(duckDbType) ?? 'VARCHAR';
}

/** The SQL that brings a column of a DuckDB type into its snapshot type. Times with a zone become UTC. */
export function asSnapshotColumn(name: string, duckDbType: string): string {
  const column = identifier(name);
  if (duckDbType === 'TIMESTAMP WITH TIME ZONE') return `(${column} AT TIME ZONE 'UTC') AS ${column}`;
  if (duckDbType === 'JSON') return `(${column} ->> '$') AS ${column}`;
  const type = snapshotType(duckDbType);
  return type === duckDbType ? column : `CAST(${column} AS ${type}) AS ${column}`;
}

const statisticsTypes = {
  BOOLEAN: 'boolean',
  BIGINT: 'integer',
  DOUBLE: 'float',
  TIMESTAMP: 'timestamp',
  VARCHAR: 'string',
} as const satisfies Record<SnapshotType, ColumnStatistics['type']>;

export const statisticsType = (type: SnapshotType): ColumnStatistics['type'] => statisticsTypes[type];
