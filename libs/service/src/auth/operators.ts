import { createHash, timingSafeEqual } from 'node:crypto';

/** Somebody, or some program, that may ask this installation for something. */
export interface Operator {
  /** As the log records who asked. */
  readonly name: string;
  /** Of the token, as 64 digits of lower-case hex: the token itself is kept by the operator alone. */
  readonly tokenSha256: string;
}

/** Of a bearer token, as `Operator.tokenSha256`. Tokens are random, so one round of hashing is enough. */
export const tokenHash = (token: string): string => createHash('sha256').update(token).digest('hex');

/** Whose token an `Authorization: Bearer` header carries; undefined: nobody's. Takes the same time for every wrong token. */
export function ownerOf(operators: readonly Operator[], authorization: string | undefined): Operator | undefined {
  const [, token] = /^bearer +(\S+)$/i.exec(authorization ?? '') ?? [];
  if (token === undefined) return undefined;
  const hash = Buffer.from(tokenHash(token));
  const matching = operators.filter(({ tokenSha256 }) => timingSafeEqual(hash, Buffer.from(tokenSha256)));
  return matching[0];
}
