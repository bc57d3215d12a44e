import type { DatabaseSync } from 'node:sqlite';
import { prepareAppend } from './append-events.js';
import { preparePut } from './put-record.js';
import { writeFault } from './sqlite-errors.js';
import { Refusal, type WriteOutcome, type WriteRequest } from './write-request.js';

/** Ends the transaction that is open by writing these requests: all in one flush to disk, each refused on its own. */
export type WriteGroup = (requests: readonly WriteRequest[]) => WriteOutcome[];

export function prepareWriteGroup(database: DatabaseSync, file: string): WriteGroup {
  const append = prepareAppend(database);
  const put = preparePut(database);

  return (requests) => {
    try {
      const outcomes = requests.map(write);
      database.exec('COMMIT');
      return outcomes;
    } catch (error) {
      rollBack(database);
      const fault = writeFault(error, file);
      return requests.map(() => ({ fault }));
    }
  };

  function write(request: WriteRequest): WriteOutcome {
    try {
      return { written: request.kind === 'append' ? append(request) : put(request) };
    } catch (error) {
      if (error instanceof Refusal) return { fault: error.fault };
      throw error;
    }
  }
}

function rollBack(database: DatabaseSync): void {
  try {
    database.exec('ROLLBACK');
  } catch {
    // After some failures, a full disk among them, SQLite has rolled back by itself.
  }
}
