/** A member that says nothing for so long is taken for dead; a broker accepts no less than this by default. */
export const sessionTimeoutMs = 6_000;
export const heartbeatIntervalMs = 1_500;
/** How long others are waited for when partitions are given out anew. */
export const rebalanceTimeoutMs = 10_000;
/** A fetch that finds nothing waits so long at the broker, and whatever this consumer says waits behind it. */
export const fetchWaitMs = 500;
/** Of one partition in one fetch; a larger message comes all the same. */
export const fetchBytesPerPartition = 256 * 1024;
export const fetchBytes = 2 * 1024 * 1024;
/** No heartbeat for so long, although others are waited for: the broker is away or stalled. */
export const silenceMs = rebalanceTimeoutMs + 5_000;
export const connectTimeoutMs = 3_000;
/** What a broker has not answered by then is refused, and tried again by who asked. Joining a group may take longer. */
export const requestTimeoutMs = 5_000;
