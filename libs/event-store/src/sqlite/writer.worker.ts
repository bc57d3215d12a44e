import type { DatabaseSync } from 'node:sqlite';
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { configure, openDatabase } from './open-database.js';
import { onceUnlocked } from './once-unlocked.js';
import { writeFault } from './sqlite-errors.js';
import { WalCheckpoints } from './wal-checkpoints.js';
import { prepareWriteGroup, type WriteGroup } from './write-group.js';
import type { WriteRequest, WriterSettings } from './write-request.js';

/**
 * The thread that writes: flushes to disk, checkpoints of the WAL and waits for a lock happen here and not in the
 * event loop. Takes lists of requests, answers lists of outcomes in the same order. `close` ends it.
 */

/** A transaction takes no further request once it has this many rows, so that other processes get their turn. */
const rowsPerGroup = 512;

// This file only ever runs as the worker of a WriterThread, which passes these.
const port = parentPort as NonNullable<typeof parentPort>;
const { file, synchronous, lockTimeoutMs } = workerData as WriterSettings;

/** Opened with the first request, so that a failure is its answer. */
let writer: { readonly database: DatabaseSync; readonly writeGroup: WriteGroup; readonly checkpoints: WalCheckpoints } | undefined;

port.on('message', (message: readonly WriteRequest[] | 'close') => {
  if (message !== 'close') return write([...message]);
  writer?.database.close();
  port.close();
});

function write(queue: WriteRequest[]): void {
  while (queue.length > 0) {
    try {
      writeNextGroup(queue);
    } catch (error) {
      const fault = writeFault(error, file);
      port.postMessage(queue.splice(0).map(() => ({ fault })));
    }
  }
}

function writeNextGroup(queue: WriteRequest[]): void {
  const { database, writeGroup, checkpoints } = (writer ??= onceUnlocked(lockTimeoutMs, openWriter));
  onceUnlocked(lockTimeoutMs, () => database.exec('BEGIN IMMEDIATE'));
  // What came while this thread waited for the lock goes into the same transaction.
  for (let more = receiveMessageOnPort(port); more !== undefined; more = receiveMessageOnPort(port)) queue.push(...(more.message as WriteRequest[]));
  const { group, rows } = takeGroup(queue);
  port.postMessage(writeGroup(group));
  checkpoints.written(rows);
  checkpoints.runIfDue();
}

function openWriter() {
  const database = openDatabase(file);
  configure(database, synchronous);
  return { database, writeGroup: prepareWriteGroup(database, file), checkpoints: new WalCheckpoints(database) };
}

function takeGroup(queue: WriteRequest[]): { group: WriteRequest[]; rows: number } {
  let [rows, count] = [0, 0];
  while (count < queue.length && rows < rowsPerGroup) rows += rowsOf(queue[count++]);
  return { group: queue.splice(0, count), rows };
}

const rowsOf = (request: WriteRequest | undefined) => (request?.kind === 'append' ? request.events.length : 1);
