import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DuckDBInstance, type DuckDBConnection, type DuckDBDataChunk } from '@duckdb/node-api';
import { RefitError } from '@refit/contracts';
import { listLiteral, literal } from './sql.js';

export interface DuckDbOptions {
  /** Files, and folders with all below them, that this instance may read and write; nothing else is reachable. */
  readonly files?: readonly string[];
  readonly folders?: readonly string[];
  /** A folder of its own, which it may use and spill into; by default one that it makes when it has to spill, and removes. */
  readonly scratch?: string;
  /** Default '256MB'. */
  readonly memoryLimit?: string;
  /** Default 2. */
  readonly threads?: number;
  /** Aborted: the running query is interrupted, and this and every later call rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** The queries here select plain values only: numbers, texts, booleans. */
export type Row = Readonly<Record<string, string | number | bigint | boolean | null>>;

/** An in-memory DuckDB for one piece of work. Queries run one after another. Each throws RefitError DISK_FULL where there is no room for what it writes. */
export interface DuckDb {
  run(sql: string): Promise<void>;
  /** For small results: all rows as objects. */
  rows(sql: string): Promise<readonly Row[]>;
  /** For large results: chunks of about 2,000 rows as they come, in order; other work runs in between. */
  chunks(sql: string): AsyncIterable<DuckDBDataChunk>;
  /** Waits for queries under way: native code that lost its connection takes the process with it. */
  close(): Promise<void>;
}

/**
 * Opens an instance that reaches only the files it was given, loads no extensions and takes no further settings, so that
 * neither a query nor a file's content can lead anywhere else. The caller closes it.
 */
export async function openDuckDb(options: DuckDbOptions = {}): Promise<DuckDb> {
  const { signal } = options;
  signal?.throwIfAborted();
  const instance = await DuckDBInstance.create(':memory:', {
    threads: String(options.threads ?? 2),
    memory_limit: options.memoryLimit ?? '256MB',
    temp_directory: options.scratch ?? join(tmpdir(), `refit-${randomUUID()}`),
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  });
  const connection = await instance.connect();
  const underWay = new Set<Promise<unknown>>();
  const query = <T>(start: () => Promise<T>): Promise<T> =>
    interruptible(connection, signal, () => {
      const started = start().finally(() => underWay.delete(started));
      underWay.add(started);
      return started;
    });
  const db: DuckDb = {
    run: async (sql) => void (await query(() => connection.run(sql))),
    rows: async (sql) => {
      const result = await query(() => connection.run(sql));
      return (await query(() => result.getRowObjectsJS())) as Row[]; // see Row
    },
    chunks: (sql) => streamChunks(connection, query, sql),
    close: async () => {
      await Promise.allSettled(underWay);
      connection.closeSync();
      instance.closeSync();
    },
  };
  await lock(connection, options);
  return db;
}

/** Opens an instance, hands it to the work, and closes it whatever happens. */
export async function withDuckDb<T>(options: DuckDbOptions, work: (db: DuckDb) => Promise<T>): Promise<T> {
  const db = await openDuckDb(options);
  try {
    return await work(db);
  } finally {
    await db.close();
  }
}

async function lock(connection: DuckDBConnection, { files = [], folders = [] }: DuckDbOptions) {
  await connection.run(`SET allowed_paths = ${listLiteral(files)}`);
  await connection.run(`SET allowed_directories = ${listLiteral(folders.map((folder) => `${folder.replace(/\/+$/u, '')}/`))}`);
  await connection.run(`SET TimeZone = ${literal('UTC')}`);
  await connection.run('SET enable_external_access = false');
  await connection.run('SET lock_configuration = true');
}

async function* streamChunks(connection: DuckDBConnection, query: <T>(start: () => Promise<T>) => Promise<T>, sql: string) {
  const result = await query(() => connection.stream(sql));
  for (;;) {
    const chunk = await query(() => result.fetchChunk());
    if (!chunk || chunk.rowCount === 0) return;
    yield chunk;
  }
}

/** A full disk is no fault of the query, nor of the file that it reads. */
function withDiskFull(error: unknown): unknown {
  if (!(error instanceof Error) || !/No space left on device|Disk quota exceeded/u.test(error.message)) return error;
  const [reason] = error.message.replace(/^IO Error: /u, '').split('\n', 1);
  return new RefitError('DISK_FULL', `there is no room for the data: ${reason}. Free some space on that disk`, { cause: error });
}

/** An interrupt that arrives just before the query has begun is lost, so it is repeated until the query has ended. */
async function interruptible<T>(connection: DuckDBConnection, signal: AbortSignal | undefined, query: () => Promise<T>): Promise<T> {
  if (!signal) {
    return query().catch((error: unknown) => {
      throw withDiskFull(error);
    });
  }
  signal.throwIfAborted();
  let ended = false;
  const interrupt = async () => {
    while (!ended) {
      connection.interrupt();
      await sleep(20);
    }
  };
  const onAbort = () => void interrupt();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await query();
  } catch (error) {
    signal.throwIfAborted();
    throw withDiskFull(error);
  } finally {
    ended = true;
    signal.removeEventListener('abort', onAbort);
  }
}
