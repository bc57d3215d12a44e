/** What somebody outside wrote to a topic, as it came: nobody has looked inside yet. */
export interface OutsideMessage {
  readonly topic: string;
  readonly partition: number;
  /** In its partition; a decimal integer. */
  readonly offset: string;
  readonly key: Uint8Array | undefined;
  /** Names in lower case; values that are no UTF-8 are left out. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** Messages of one partition in their order, at least one and as many as came together, up to a bound. */
export type InboxHandler = (messages: readonly OutsideMessage[]) => Promise<void>;

/**
 * Topics that others write to. Each message comes at least once to one of the processes that receive, those of a
 * partition in their order. Once the handler has resolved the messages are acknowledged; when it throws, their partition
 * waits and the same ones come again, for as long as it takes: whoever handles them parks what never can be taken.
 */
export interface Inbox {
  /** Returns the way to stop, which waits for the handlers under way. @throws RefitError BUS_UNAVAILABLE */
  receive(topics: readonly string[], handler: InboxHandler): Promise<() => Promise<void>>;
}
