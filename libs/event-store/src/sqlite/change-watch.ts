import { watch } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';

/** After a write to the WAL, when to look whether it was committed, in milliseconds: a commit is seen once it is flushed. */
const promptLooks = [1, 1, 1, 2, 4, 8, 16];
/** Where the news can wait: who passes it on, and whom it is for, have the processor first; and more is read at once. */
const patientLooks = [10, 40];
/** Between looks without a notice, while notices can be relied upon. */
const unnoticedMs = 200;
/** And while they cannot: as long as something happens, and after that. */
const busyMs = 10;
const idleMs = 20;
/** After this many looks without anything new the log counts as idle. */
const looksUntilIdle = 100;
/** After this many finds in a row without a notice, there seem to be none. */
const mostUnnoticed = 3;
/** When no other connection has written for so long nobody listens: notices of one's own writes cost 50 µs each. */
const aloneAfterMs = 30_000;

/**
 * Notices commits of other connections. SQLite has no notification across processes, but the operating system tells of
 * writes to the WAL; what it does not tell of is found by looking now and then. `PRAGMA data_version` costs a few
 * microseconds, and commits of the connection itself do not change it.
 */
export class ChangeWatch {
  /** Whether anybody waits for the news who is to have it at once. */
  prompt = false;
  readonly #wal: string;
  readonly #version: () => number;
  #onChange: () => boolean = () => false;
  #stopListening: (() => void) | undefined;
  #timer: NodeJS.Timeout | undefined;
  #afterNotice: NodeJS.Timeout | undefined;
  #looksAfterNotice = 0;
  #seen: number | undefined;
  #othersWroteAt = 0;
  #running = false;
  #unnoticed = 0;
  #looksForNothing = 0;

  /** `file`: of the database. */
  constructor(database: DatabaseSync, file: string) {
    const select = database.prepare('PRAGMA data_version');
    this.#version = () => Number(select.get()?.['data_version']);
    this.#wal = `${file}-wal`;
  }

  /**
   * Calls back at the first look too: something may have been committed just before. And when it cannot look.
   *
   * @param onChange says whether anything was new in the log
   */
  start(onChange: () => boolean): void {
    this.#onChange = onChange;
    this.#seen = undefined;
    this.#unnoticed = this.#looksForNothing = 0;
    this.#running = true;
    this.#timer = setTimeout(() => this.#lookInTurn(), busyMs);
  }

  stop(): void {
    this.#running = false;
    this.#stopListening?.();
    clearTimeout(this.#timer);
    clearTimeout(this.#afterNotice);
    this.#stopListening = this.#timer = this.#afterNotice = undefined;
  }

  #othersWrite(): void {
    this.#othersWroteAt = performance.now();
    this.#stopListening ??= listen(this.#wal, () => this.#noticed());
  }

  #forgetOthers(): void {
    if (performance.now() - this.#othersWroteAt < aloneAfterMs) return;
    this.#stopListening?.();
    this.#stopListening = undefined;
  }

  /** Each notice begins the looks anew: they go on until a while after the last write. */
  #noticed(): void {
    this.#looksAfterNotice = 0;
    if (this.#afterNotice === undefined) this.#scheduleNext();
  }

  #scheduleNext(): void {
    const wait = (this.prompt ? promptLooks : patientLooks)[this.#looksAfterNotice++];
    this.#afterNotice = wait === undefined ? undefined : setTimeout(() => this.#lookAfterNotice(), wait);
  }

  #lookAfterNotice(): void {
    if (this.#look()) this.#unnoticed = 0;
    if (this.#running) this.#scheduleNext(); // whoever was called back may have stopped this
  }

  #lookInTurn(): void {
    const found = this.#look();
    this.#looksForNothing = found ? 0 : this.#looksForNothing + 1;
    if (found && this.#afterNotice === undefined) this.#unnoticed += 1;
    this.#forgetOthers();
    if (this.#running) this.#timer = setTimeout(() => this.#lookInTurn(), this.#pauseMs());
  }

  #pauseMs(): number {
    if (this.#stopListening !== undefined && this.#unnoticed < mostUnnoticed) return unnoticedMs;
    return this.#looksForNothing > looksUntilIdle ? idleMs : busyMs;
  }

  /** Whether anything was new. */
  #look(): boolean {
    const version = this.#tryLook();
    if (version !== undefined && version === this.#seen) return false;
    if (this.#seen !== undefined) this.#othersWrite();
    this.#seen = version;
    return this.#onChange();
  }

  /** Undefined when the file cannot be read just now: who is called back will meet the reason. */
  #tryLook(): number | undefined {
    try {
      return this.#version();
    } catch {
      return undefined;
    }
  }
}

/** Returns the way to stop; undefined where nothing can be watched. Does not keep the process alive. */
function listen(file: string, onWrite: () => void): (() => void) | undefined {
  try {
    const watcher = watch(file, { persistent: false }, onWrite);
    watcher.on('error', () => watcher.close());
    return () => watcher.close();
  } catch {
    return undefined;
  }
}
