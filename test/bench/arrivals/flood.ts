/** What the outsider sends. */
export interface Flood {
  readonly brokers: string;
  readonly topic: string;
  readonly perSecond: number;
  readonly seconds: number;
  /** So many keys, one after the other. */
  readonly keys: number;
  /** Data files that are announced, one after the other. */
  readonly files: readonly string[];
}
