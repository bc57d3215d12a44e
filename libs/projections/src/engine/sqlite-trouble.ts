/** SQLite's primary result codes (https://sqlite.org/rescode.html). */
const [CORRUPT, NOTADB] = [11, 26];
const [PERM, BUSY, LOCKED, NOMEM, READONLY, IOERR, FULL, CANTOPEN] = [3, 5, 6, 7, 8, 10, 13, 14];

function primaryCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return undefined;
  return error.errcode & 0xff;
}

/** The file is not a database, or not a sound one. */
export const isUnreadableFile = (error: unknown): boolean => [CORRUPT, NOTADB].includes(primaryCode(error) ?? -1);

export const isDiskFull = (error: unknown): boolean => primaryCode(error) === FULL;

/** The fault lies with the file or its surroundings, not with the event that was being applied. */
export const isFileTrouble = (error: unknown): boolean =>
  isUnreadableFile(error) || [PERM, BUSY, LOCKED, NOMEM, READONLY, IOERR, FULL, CANTOPEN].includes(primaryCode(error) ?? -1);
