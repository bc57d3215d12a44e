import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';

/** JSON in its canonical form (RFC 8785): equal values have equal text. */
export function canonicalJson(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('not a JSON value');
  return text;
}

export const sha256 = (bytes: string | Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** SHA-256, as hex, of a value's canonical JSON. */
export const digest = (value: unknown) => sha256(canonicalJson(value));
