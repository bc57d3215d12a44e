import { RefitError } from '@refit/contracts';

export interface PageRequest {
  /** 50 when absent or 0; at most 1000. */
  readonly pageSize?: number;
  /** From the page before; the first page when absent or empty. */
  readonly pageToken?: string;
}

export interface Page<T> {
  readonly items: readonly T[];
  /** Empty on the last page. */
  readonly nextPageToken: string;
}

const defaultPageSize = 50;
const maxPageSize = 1000;

/**
 * One page of a list that is ordered by a key. Asks for one row more than the page holds, to see whether there is
 * another page. The key of the last row is the token: what is added meanwhile shifts nothing.
 *
 * @throws RefitError REQUEST_INVALID for a token that no page gave out
 */
export function readPage<T>(
  { pageSize = 0, pageToken = '' }: PageRequest,
  keyLength: number,
  read: (after: readonly (string | number)[] | undefined, limit: number) => readonly T[],
  keyOf: (item: T) => readonly (string | number)[],
): Page<T> {
  const size = Math.min(pageSize > 0 ? pageSize : defaultPageSize, maxPageSize);
  const found = read(pageToken === '' ? undefined : decodeKey(pageToken, keyLength), size + 1);
  const items = found.slice(0, size);
  const last = items.at(-1);
  return { items, nextPageToken: found.length > size && last !== undefined ? encodeKey(keyOf(last)) : '' };
}

const encodeKey = (key: readonly (string | number)[]): string => Buffer.from(JSON.stringify(key)).toString('base64url');

function decodeKey(token: string, length: number): readonly (string | number)[] {
  try {
    const key: unknown = JSON.parse(Buffer.from(token, 'base64url').toString());
    if (Array.isArray(key) && key.length === length && key.every((part) => ['string', 'number'].includes(typeof part))) return key;
  } catch {
    // Not JSON: refused below, like anything else that is no key.
  }
  throw new RefitError('REQUEST_INVALID', 'page_token is not one that this list gave out: use the next_page_token of the page before, or none');
}
