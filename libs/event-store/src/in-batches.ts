/**
 * What is there already, together: each batch holds the items that the source yields without waiting for more than one
 * turn of the event loop, up to `most`. A lone item is passed on after that turn; nothing is polled. The source is read
 * one item ahead, and is told to end when the reader leaves. An error of the source follows what came before it.
 */
export async function* inBatches<T>(source: AsyncIterable<T>, most: number): AsyncGenerator<T[], void> {
  const iterator = source[Symbol.asyncIterator]();
  const read = () => {
    const item = iterator.next();
    item.catch(() => {}); // it may fail while the reader is busy with a batch; it is awaited after that
    return item;
  };
  let next = read();
  try {
    for (let first = await next; !first.done; first = await next) {
      const batch = [first.value];
      const turnOver = new Promise<undefined>((resolve) => setImmediate(resolve, undefined));
      next = read();
      while (batch.length < most) {
        const more = await Promise.race([next, turnOver]).catch(() => undefined);
        if (more === undefined || more.done) break;
        batch.push(more.value);
        next = read();
      }
      yield batch;
    }
  } finally {
    // Not awaited: a pending read ends when the source does.
    void iterator.return?.().catch(() => {});
  }
}
