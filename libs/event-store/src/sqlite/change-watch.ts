import type { DatabaseSync } from 'node:sqlite';

const busyMs = 10;
const idleMs = 20;
/** After this many looks without a change the log counts as idle. */
const looksUntilIdle = 100;

/**
 * Notices commits of other connections. SQLite has no notification across processes; `PRAGMA data_version` costs a
 * few microseconds, and commits of the connection itself do not change it.
 */
export class ChangeWatch {
  readonly #look: () => number;
  #timer: NodeJS.Timeout | undefined;

  constructor(database: DatabaseSync) {
    const select = database.prepare('PRAGMA data_version');
    this.#look = () => Number(select.get()?.['data_version']);
  }

  /** Calls back at the first look too: something may have been committed just before. And when it cannot look. */
  start(onChange: () => void): void {
    let seen: number | undefined;
    let looks = 0;
    const tick = () => {
      const version = this.#tryLook();
      looks = version === seen ? looks + 1 : 0;
      this.#timer = setTimeout(tick, looks > looksUntilIdle ? idleMs : busyMs);
      if (version !== undefined && version === seen) return;
      seen = version;
      onChange();
    };
    this.#timer = setTimeout(tick, busyMs);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** Undefined when the file cannot be read just now: who is called back will meet the reason. */
  #tryLook(): number | undefined {
    try {
      return this.#look();
    } catch {
      return undefined;
    }
  }
}
