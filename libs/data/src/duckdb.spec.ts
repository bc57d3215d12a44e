import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { openDuckDb, withDuckDb } from './duckdb.js';
import { temporaryFolder } from './testing/temporary-folder.js';

const { folder, write } = temporaryFolder();

describe('DuckDB', () => {
  it('reaches only the files and folders it was given', async () => {
    const inside = write('in.txt', 'yes');
    await withDuckDb({ files: [inside] }, async (db) => {
      expect(await db.rows(`SELECT content FROM read_text('${inside}')`)).toEqual([{ content: 'yes' }]);
      await expect(db.rows(`SELECT * FROM read_text('/etc/hostname')`)).rejects.toThrow(/Permission/u);
      await expect(db.run(`COPY (SELECT 1) TO '${folder}/out.csv'`)).rejects.toThrow(/Permission/u);
      await expect(db.run('SET enable_external_access = true')).rejects.toThrow();
    });
  });

  it('stops a query when its signal is aborted, with the signal’s reason', async () => {
    const stop = new AbortController();
    const db = await openDuckDb({ signal: stop.signal });
    const query = db.run('SELECT sum(a.range * b.range) FROM range(1000000000) a, range(1000000) b');
    setImmediate(() => stop.abort(new Error('cancelled by a person')));
    await expect(query).rejects.toThrow('cancelled by a person');
    await expect(db.run('SELECT 1')).rejects.toThrow('cancelled by a person');
    await db.close();
  });

  it('stops in the middle of a result', async () => {
    const stop = new AbortController();
    await withDuckDb({ signal: stop.signal }, async (db) => {
      const read = async () => {
        for await (const chunk of db.chunks('SELECT range FROM range(10000000)')) if (chunk.rowCount > 0) stop.abort(new Error('enough'));
      };
      await expect(read()).rejects.toThrow('enough');
    });
  });

  it.skipIf(!existsSync('/dev/full'))('says that a disk is full, and not that the query or its file is wrong (on systems with /dev/full)', async () => {
    await withDuckDb({ files: ['/dev/full'] }, async (db) => {
      await expect(db.run(`COPY (SELECT range FROM range(100000)) TO '/dev/full' (FORMAT parquet)`)).rejects.toMatchObject({ code: 'DISK_FULL', retryable: true });
    });
  });
});
