import type { DatabaseSync } from 'node:sqlite';
import { RefitError } from '@refit/contracts';
import type { BoundedRecord } from '../event-store.js';
import { parseJson } from './recorded-row.js';

/** Records in their own table: overwritten in place, never part of the log. */
export interface Records {
  get(name: string): BoundedRecord | undefined;
  /** Runs inside a write transaction. @throws RefitError REVISION_CONFLICT */
  put(name: string, value: string, expected: number | 'none' | undefined): BoundedRecord;
}

export function prepareRecords(database: DatabaseSync): Records {
  const select = database.prepare('SELECT revision, value FROM records WHERE name = ?');
  const upsert = database.prepare(
    'INSERT INTO records (name, revision, value) VALUES (?, ?, ?) ON CONFLICT (name) DO UPDATE SET revision = excluded.revision, value = excluded.value',
  );

  return {
    get(name) {
      const row = select.get(name);
      return row && { name, value: parseJson(String(row['value'])), revision: Number(row['revision']) };
    },
    put(name, value, expected) {
      const row = select.get(name);
      const found = row === undefined ? -1 : Number(row['revision']);
      const wanted = expected === 'none' ? -1 : (expected ?? found);
      if (found !== wanted) {
        throw new RefitError('REVISION_CONFLICT', `Record ${name} ${found === -1 ? 'does not exist' : `is at revision ${found}`}, but ${expected === 'none' ? 'was expected not to exist' : `revision ${wanted} was expected`}. Read it again.`);
      }
      upsert.run(name, found + 1, value);
      return { name, value: parseJson(value), revision: found + 1 };
    },
  };
}
