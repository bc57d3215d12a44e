interface Page {
  readonly nextPageToken: string;
}

export interface Listed<T> {
  readonly items: readonly T[];
  /** Of what comes next; empty at the end of the list. */
  readonly nextPageToken: string;
}

const largestPage = 200;

/** Reads pages of a list, from the one after a token on, until there are `limit` items or no more. */
export async function readPages<P extends Page, T>(
  limit: number,
  fetch: (page: { pageSize: number; pageToken: string }) => Promise<P>,
  itemsOf: (page: P) => readonly T[],
  after = '',
): Promise<Listed<T>> {
  const items: T[] = [];
  let nextPageToken = after;
  do {
    const page = await fetch({ pageSize: Math.min(limit - items.length, largestPage), pageToken: nextPageToken });
    items.push(...itemsOf(page));
    nextPageToken = page.nextPageToken;
  } while (nextPageToken !== '' && items.length < limit);
  return { items, nextPageToken };
}
