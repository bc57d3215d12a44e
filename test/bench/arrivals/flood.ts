/** What the outsider sends. */
export interface Flood {
  readonly brokers: string;
  readonly topic: string;
  readonly perSecond: number;
  readonly seconds: number;
  /** So many keys, one after the other. */
  readonly keys: number;
  /** Each with so many names of batches. No run takes any here: what waits, waits in memory. */
  readonly batchesPerKey: number;
  /** Data files that are announced, one after the other. */
  readonly files: readonly string[];
}
