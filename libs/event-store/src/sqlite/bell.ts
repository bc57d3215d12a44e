import { closeSync, constants, openSync, watch, writeSync } from 'node:fs';

/**
 * A byte in a file beside the database, written after each commit: the operating system tells the other processes, who
 * then find the commit at once. The WAL would tell too early: it is written before it is flushed, and what is not
 * flushed cannot be seen.
 */
export interface Bell {
  ring(): void;
  close(): void;
}

/** One that nobody hears where the file cannot be written: then the others find out by looking. */
export function openBell(databaseFile: string): Bell {
  const byte = Buffer.from('.');
  const quietly = (work: () => void) => {
    try {
      work();
    } catch {
      // a full disk, or one that was taken away: appends say so themselves
    }
  };
  let file: number | undefined;
  quietly(() => (file = openSync(bellOf(databaseFile), constants.O_CREAT | constants.O_WRONLY)));
  return {
    ring: () => quietly(() => file !== undefined && writeSync(file, byte, 0, 1, 0)),
    close: () => quietly(() => file !== undefined && closeSync(file)),
  };
}

/** Returns the way to stop; undefined where nothing can be watched. Does not keep the process alive. */
export function listenToBell(databaseFile: string, onRing: () => void): (() => void) | undefined {
  try {
    const watcher = watch(bellOf(databaseFile), { persistent: false }, onRing);
    watcher.on('error', () => watcher.close());
    return () => watcher.close();
  } catch {
    return undefined;
  }
}

const bellOf = (databaseFile: string) => `${databaseFile}-bell`;
