import type { DatabaseSync } from 'node:sqlite';
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { configure, openDatabase } from './open-database.js';
import { lockedFault, storeFault, type StoreFault } from './sqlite-errors.js';
import { prepareWriteGroup, type WriteGroup } from './write-group.js';
import { takeWriteLock } from './write-lock.js';
import type { WriteRequest, WriterSettings } from './write-request.js';

/**
 * The thread that writes: flushes to disk, checkpoints of the WAL and waits for a lock happen here and not in the
 * event loop. Takes lists of requests, answers lists of outcomes in the same order. `close` ends it.
 */

/** Rows that one transaction takes, so that other processes get their turn. */
const rowsPerGroup = 512;

// This file only ever runs as the worker of a WriterThread, which passes these.
const port = parentPort as NonNullable<typeof parentPort>;
const { file, synchronous, lockTimeoutMs } = workerData as WriterSettings;

let database: DatabaseSync | undefined;
let writeGroup: WriteGroup | undefined;

port.on('message', (message: readonly WriteRequest[] | 'close') => {
  if (message === 'close') {
    database?.close();
    port.close();
    return;
  }
  write([...message]);
});

function write(queue: WriteRequest[]): void {
  while (queue.length > 0) {
    const fault = begin();
    if (fault !== undefined) {
      port.postMessage(queue.map(() => ({ fault })));
      return;
    }
    // What came while this thread waited for the lock goes into the same transaction.
    for (let more = receiveMessageOnPort(port); more !== undefined; more = receiveMessageOnPort(port)) queue.push(...(more.message as WriteRequest[]));
    port.postMessage(writeGroup?.(nextGroup(queue)));
  }
}

function begin(): StoreFault | undefined {
  try {
    if (database === undefined) {
      database = openDatabase(file);
      configure(database, synchronous);
      writeGroup = prepareWriteGroup(database, file);
    }
    return takeWriteLock(database, lockTimeoutMs) ? undefined : lockedFault(file, lockTimeoutMs);
  } catch (error) {
    return storeFault(error, file) ?? { code: 'INTERNAL', message: String(error) };
  }
}

function nextGroup(queue: WriteRequest[]): WriteRequest[] {
  let rows = 0;
  const end = queue.findIndex((request, index) => {
    rows += request.kind === 'append' ? request.events.length : 1;
    return index > 0 && rows > rowsPerGroup;
  });
  return queue.splice(0, end === -1 ? queue.length : end);
}
