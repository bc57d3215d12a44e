import type { DatabaseSync } from 'node:sqlite';
import { Refusal, type PutRequest, type PutDone } from './write-request.js';

/** Prepares the writing of a record. It runs inside a write transaction. */
export function preparePut(database: DatabaseSync): (request: PutRequest) => PutDone {
  const select = database.prepare('SELECT revision FROM records WHERE name = ?');
  const upsert = database.prepare(
    'INSERT INTO records (name, revision, value) VALUES (?, ?, ?) ON CONFLICT (name) DO UPDATE SET revision = excluded.revision, value = excluded.value',
  );

  return ({ name, value, expected }) => {
    const row = select.get(name);
    const found = row === undefined ? -1 : Number(row['revision']);
    const wanted = expected === 'none' ? -1 : (expected ?? found);
    if (found !== wanted) throw new Refusal(conflict(name, found, wanted));
    upsert.run(name, found + 1, value);
    return { revision: found + 1 };
  };
}

function conflict(name: string, found: number, wanted: number): string {
  const is = found === -1 ? 'does not exist' : `is at revision ${found}`;
  const should = wanted === -1 ? 'was expected not to exist' : `was expected at revision ${wanted}`;
  return `Record ${name} ${is}, but ${should}. Read it again.`;
}
