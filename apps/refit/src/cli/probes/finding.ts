/** What was found where something was looked for. */
export interface Finding {
  /** `data directory`, `event store`, `Kafka` */
  readonly what: string;
  readonly ok: boolean;
  /** In a sentence: what is there, or what is wrong and how to mend it. */
  readonly says: string;
}
