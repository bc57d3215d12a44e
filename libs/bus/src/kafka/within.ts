/** Whether it settled in time, however it did. What comes too late is left to itself. */
export async function within(ms: number, work: Promise<unknown>): Promise<boolean> {
  const { promise: late, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => resolve(false), ms);
  const settled = work.then(() => true, () => true);
  const inTime = await Promise.race([settled, late]);
  clearTimeout(timer);
  return inTime;
}

/** A process that ends waits no longer for a broker that does not answer. */
export const partingMs = 5_000;
