/** Content-addressed: an artifact's name is the SHA-256 (hex) of its bytes. What is stored never changes. */
export interface ArtifactStore {
  /** Stores bytes; returns their hash. The same bytes again cost nothing. */
  put(bytes: Uint8Array): Promise<string>;
  putJson(value: unknown): Promise<string>;
  /** Takes over a file (moved where possible); returns its hash and size in bytes. */
  putFile(path: string): Promise<{ readonly hash: string; readonly bytes: number }>;
  /** @throws RefitError ARTIFACT_NOT_FOUND, ARTIFACT_CORRUPT when the bytes no longer have this hash */
  get(hash: string): Promise<Uint8Array>;
  getJson(hash: string): Promise<unknown>;
  /** A local file with the bytes, to be read only (DuckDB reads snapshots through it). @throws RefitError ARTIFACT_NOT_FOUND */
  path(hash: string): Promise<string>;
  has(hash: string): Promise<boolean>;
}
