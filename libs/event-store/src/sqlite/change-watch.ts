import type { DatabaseSync } from 'node:sqlite';
import { listenToBell } from './bell.js';

/** How soon after a notice to look. At once, where somebody waits for the news; but not more often than this. */
const promptlyMs = 1;
/** Where the news can wait: who passes it on, and whom it is for, have the processor first; and more is read at once. */
const patientlyMs = 10;
/** Between looks without a notice, while notices can be relied upon. */
const unnoticedMs = 200;
/** And while they cannot: as long as something happens, and after that. */
const busyMs = 10;
const idleMs = 20;
/** After this many looks without anything new the log counts as idle. */
const looksUntilIdle = 100;
/** After this many finds in a row without a notice, there seem to be none. */
const mostUnnoticed = 3;
/** When no other connection has written for so long nobody listens: notices of one's own commits cost 50 µs each. */
const aloneAfterMs = 30_000;

/**
 * Notices commits of other connections. SQLite has no notification across processes, but whoever commits rings a bell;
 * what it does not tell of is found by looking now and then. `PRAGMA data_version` costs a few microseconds, and commits
 * of the connection itself do not change it.
 */
export class ChangeWatch {
  /** Whether anybody waits for the news who is to have it at once. */
  prompt = false;
  readonly #file: string;
  readonly #version: () => number;
  #onChange: () => boolean = () => false;
  #stopListening: (() => void) | undefined;
  #timer: NodeJS.Timeout | undefined;
  #afterNotice: NodeJS.Timeout | undefined;
  #lookedAt = 0;
  #seen: number | undefined;
  #othersWroteAt = 0;
  #running = false;
  #unnoticed = 0;
  #looksForNothing = 0;

  /** `file`: of the database. */
  constructor(database: DatabaseSync, file: string) {
    const select = database.prepare('PRAGMA data_version');
    this.#version = () => Number(select.get()?.['data_version']);
    this.#file = file;
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
    this.#stopListening ??= listenToBell(this.#file, () => this.#noticed());
  }

  #forgetOthers(): void {
    if (performance.now() - this.#othersWroteAt < aloneAfterMs) return;
    this.#stopListening?.();
    this.#stopListening = undefined;
  }

  /** What was committed can be read already. Notices that come close together share a look. */
  #noticed(): void {
    if (this.#afterNotice !== undefined) return;
    const wait = this.prompt ? this.#lookedAt + promptlyMs - performance.now() : patientlyMs;
    if (wait <= 0) this.#lookAfterNotice();
    else this.#afterNotice = setTimeout(() => this.#lookAfterNotice(), wait);
  }

  #lookAfterNotice(): void {
    this.#afterNotice = undefined;
    this.#lookedAt = performance.now();
    if (this.#look()) this.#unnoticed = 0;
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
