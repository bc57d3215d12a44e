import { stat } from 'node:fs/promises';
import { create } from '@bufbuild/protobuf';
import { Inject, Injectable } from '@nestjs/common';
import { BatchSchema, type Batch } from '@refit/contracts';
import { countRows, inspectDataFile, localPath } from '@refit/data';
import { RUNTIME, type Runtime } from '@refit/service';
import { Turnstile } from './turnstile.js';

/** Files looked at, and files counted by DuckDB (which uses several threads for one), at a time. */
const atATime = { looks: 16, counts: 1 } as const;
/** Files remembered: the same file is announced again and again, at least to every instance that it is delivered to. */
const mostRemembered = 10_000;

type Found = Pick<Batch, 'uri' | 'format' | 'rows'>;

interface Remembered {
  /** Which bytes these were. */
  readonly version: string;
  readonly found: Promise<Found>;
}

/** What announced files are: looked at once as long as they stay the same. */
@Injectable()
export class DataFiles {
  readonly #remembered = new Map<string, Remembered>();
  readonly #looks = new Turnstile(atATime.looks);
  readonly #counts = new Turnstile(atATime.counts);

  constructor(@Inject(RUNTIME) private readonly runtime: Pick<Runtime, 'config'>) {}

  /**
   * The batch with its file's real path, its format and its rows.
   *
   * @throws RefitError PATH_NOT_ALLOWED, DATA_FILE_NOT_FOUND, DATA_FILE_EMPTY, DATA_FILE_UNREADABLE, REQUEST_INVALID
   */
  async inspected({ dataset, name, uri, format }: Batch): Promise<Batch> {
    return create(BatchSchema, { dataset, name, ...(await this.#find(uri, format)) });
  }

  async #find(uri: string, declared: Batch['format']): Promise<Found> {
    const key = `${declared} ${uri}`;
    const version = await versionOf(localPath(uri));
    const known = this.#remembered.get(key);
    if (known && version !== undefined && known.version === version) return known.found;
    const found = this.#look(uri, declared);
    if (version !== undefined) this.#remember(key, { version, found });
    return found;
  }

  async #look(uri: string, declared: Batch['format']): Promise<Found> {
    const { path, format, rows } = await this.#looks.pass(() => inspectDataFile(uri, declared, this.runtime.config.allowedRoots));
    return { uri: path, format, rows: rows ?? (await this.#counts.pass(() => countRows(path, format))) };
  }

  #remember(key: string, remembered: Remembered): void {
    this.#remembered.delete(key); // the newest stand last
    this.#remembered.set(key, remembered);
    const [oldest] = this.#remembered.keys();
    if (this.#remembered.size > mostRemembered && oldest !== undefined) this.#remembered.delete(oldest);
    remembered.found.catch(() => {
      if (this.#remembered.get(key) === remembered) this.#remembered.delete(key); // the trouble may pass
    });
  }
}

/** Changes with the file's bytes, and with what the address leads to; undefined when it leads nowhere. */
async function versionOf(path: string): Promise<string | undefined> {
  const found = await stat(path, { bigint: true }).catch(() => undefined);
  return found && [found.dev, found.ino, found.size, found.mtimeNs, found.ctimeNs].join(' ');
}
