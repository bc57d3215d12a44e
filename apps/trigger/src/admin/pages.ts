import { RefitError } from '@refit/contracts';

const sizes = { byDefault: 50, largest: 200 } as const;

/** Entries on a page: what was asked for, within bounds. */
export const pageSizeOf = ({ pageSize }: { readonly pageSize: number }): number => Math.min(pageSize || sizes.byDefault, sizes.largest);

/** The place (a revision, a position) in a page token of ours. @throws RefitError REQUEST_INVALID */
export function placeIn({ pageToken }: { readonly pageToken: string }): string | undefined {
  if (pageToken === '') return undefined;
  const place = Buffer.from(pageToken, 'base64url').toString();
  if (/^\d{1,30}$/.test(place)) return place;
  throw new RefitError('REQUEST_INVALID', 'page_token is not one that this list gave out: use the next_page_token of the page before, or none');
}

export const pageTokenOf = (place: string | number | undefined): string => (place === undefined ? '' : Buffer.from(String(place)).toString('base64url'));
