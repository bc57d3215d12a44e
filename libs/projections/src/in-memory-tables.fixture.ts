import type { RecordedEvent } from '@refit/event-store';
import { prepareTables } from './engine/projection-tables.js';
import { SqlConnection } from './engine/sql-connection.js';
import type { Projection, ProjectionReader } from './projection.js';

/** A projection's tables after some events, in memory, for tests. */
export function tablesAfter(projection: Projection, events: readonly RecordedEvent[]): ProjectionReader {
  const sql = new SqlConnection(':memory:', { readOnly: false });
  prepareTables(sql, projection);
  for (const event of events) projection.apply(sql, event);
  return sql;
}
