import { RefitError } from '@refit/contracts';

/** A name as the pipeline file allows them. @throws RefitError REQUEST_INVALID */
export function requireName(field: string, value: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(value)) return value;
  const found = JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
  throw new RefitError('REQUEST_INVALID', `${field}: expected 1 to 64 letters, digits, ".", "_" or "-"; found ${found}`);
}

/** Free text for the history. @throws RefitError REQUEST_INVALID */
export function requireText(field: string, value: string): string {
  const limit = 1000;
  if (value.length <= limit) return value;
  throw new RefitError('REQUEST_INVALID', `${field}: expected at most ${limit} characters; found ${value.length}`);
}
