import { comparePositions, type Position, type SubscriptionMessage } from '@refit/event-store';
import type { Logger } from 'pino';
import type { Projection } from '../projection.js';
import { readCheckpoint, writeCheckpoint, writePoison } from './projection-tables.js';
import type { SqlConnection } from './sql-connection.js';
import { isFileTrouble } from './sqlite-trouble.js';

/** How long one transaction may go on taking events. */
const transactionMs = 5;

export interface Applied {
  /** Messages that were taken, of those given. */
  readonly count: number;
  readonly position: Position;
}

/**
 * Takes messages into the tables in one transaction, together with the checkpoint, until its time is up. An event that
 * cannot be applied is noted and passed over.
 *
 * @throws whatever says that the file itself is in trouble; nothing is written then
 */
export function applyBatch(sql: SqlConnection, projection: Projection, messages: readonly SubscriptionMessage[], logger: Logger): Applied {
  try {
    return sql.transaction(() => applyInTime(sql, projection, messages));
  } catch (error) {
    if (isFileTrouble(error)) throw error;
    // Alone, each event shows whether it is the one; what the others wrote stays.
    return messages.map((message) => applyAlone(sql, projection, message, logger)).reduce((_, last) => ({ ...last, count: messages.length }));
  }
}

function applyInTime(sql: SqlConnection, projection: Projection, messages: readonly SubscriptionMessage[]): Applied {
  const deadline = performance.now() + transactionMs;
  // Read each time: another process may keep the same file.
  let position = readCheckpoint(sql, projection.name) ?? '';
  let count = 0;
  for (const message of messages) {
    const next = positionOf(message);
    if (comparePositions(next, position) > 0) {
      if (message.kind === 'event') projection.apply(sql, message.event);
      position = next;
    }
    count++;
    if (performance.now() > deadline) break;
  }
  writeCheckpoint(sql, projection.name, position);
  return { count, position };
}

function applyAlone(sql: SqlConnection, projection: Projection, message: SubscriptionMessage, logger: Logger): Applied {
  try {
    return sql.transaction(() => applyInTime(sql, projection, [message]));
  } catch (error) {
    if (isFileTrouble(error) || message.kind !== 'event') throw error;
    const { stream, revision, type, position } = message.event;
    logger.error({ err: error, projection: projection.name, stream, revision, type }, 'an event could not be taken into a read model and is passed over');
    sql.transaction(() => {
      writePoison(sql, projection.name, message.event, error instanceof Error ? error.message : String(error));
      writeCheckpoint(sql, projection.name, position);
    });
    return { count: 1, position };
  }
}

export const positionOf = (message: SubscriptionMessage): Position => (message.kind === 'event' ? message.event.position : message.position);
