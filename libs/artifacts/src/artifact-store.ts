/**
 * Content-addressed: an artifact's name is the SHA-256 (64 lower-case hex digits) of its bytes. What is stored never
 * changes, is complete as soon as it can be seen, and survives a loss of power once the call has resolved.
 *
 * Every method that takes a hash throws RefitError REQUEST_INVALID for anything else; every put throws DISK_FULL when
 * there is no room, and DATA_DIRECTORY_UNUSABLE when the store may not be written.
 */
export interface ArtifactStore {
  /** Stores bytes; returns their hash. The same bytes again cost nothing. */
  put(bytes: Uint8Array): Promise<string>;
  /** Stores a value as canonical JSON (RFC 8785): equal values have equal hashes. */
  putJson(value: unknown): Promise<string>;
  /**
   * Takes over a file (moved where possible, gone afterwards); returns its hash and size in bytes.
   *
   * @throws RefitError DATA_FILE_NOT_FOUND, DATA_FILE_UNREADABLE (not a file)
   */
  putFile(path: string): Promise<{ readonly hash: string; readonly bytes: number }>;
  /** @throws RefitError ARTIFACT_NOT_FOUND, ARTIFACT_CORRUPT when the bytes no longer have this hash */
  get(hash: string): Promise<Uint8Array>;
  /** @throws RefitError ARTIFACT_NOT_FOUND, ARTIFACT_CORRUPT also when the artifact is not JSON */
  getJson(hash: string): Promise<unknown>;
  /** A local file with the bytes, to be read only (DuckDB reads snapshots through it). @throws RefitError ARTIFACT_NOT_FOUND */
  path(hash: string): Promise<string>;
  has(hash: string): Promise<boolean>;
  /** Deletes what nobody names any more. Nothing happens when it is not there. */
  remove(hash: string): Promise<void>;
}
