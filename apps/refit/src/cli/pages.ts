interface Page {
  readonly nextPageToken: string;
}

export interface Listed<T> {
  readonly items: readonly T[];
  /** There is more than the limit. */
  readonly more: boolean;
}

const largestPage = 200;

/** Reads pages of a list until there are `limit` items or no more. */
export async function readPages<P extends Page, T>(limit: number, fetch: (page: { pageSize: number; pageToken: string }) => Promise<P>, itemsOf: (page: P) => readonly T[]): Promise<Listed<T>> {
  const items: T[] = [];
  let pageToken = '';
  do {
    const page = await fetch({ pageSize: Math.min(limit - items.length, largestPage), pageToken });
    items.push(...itemsOf(page));
    pageToken = page.nextPageToken;
  } while (pageToken !== '' && items.length < limit);
  return { items: items.slice(0, limit), more: pageToken !== '' || items.length > limit };
}
