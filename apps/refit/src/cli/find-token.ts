import { readFileSync } from 'node:fs';
import { RefitError } from '@refit/contracts';

export interface TokenOptions {
  readonly tokenFile?: string;
}

/**
 * The operator's token: in the file that `--token-file` or REFIT_TOKEN_FILE names, or REFIT_TOKEN itself. No flag takes
 * it, since every user of a machine can see the flags of every process.
 *
 * @throws RefitError REQUEST_INVALID for a file that cannot be read, or is no token
 */
export function findToken({ tokenFile }: TokenOptions, env: NodeJS.ProcessEnv): string | undefined {
  const file = tokenFile ?? env['REFIT_TOKEN_FILE'];
  const token = file === undefined ? env['REFIT_TOKEN'] : readToken(file);
  if (token === undefined || token === '') return undefined;
  if (/^[\x21-\x7e]{1,512}$/.test(token)) return token;
  throw new RefitError('REQUEST_INVALID', `${file ?? 'REFIT_TOKEN'} holds no token: expected up to 512 characters without spaces, as refit token prints them`);
}

function readToken(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (cause) {
    throw new RefitError('REQUEST_INVALID', `the token cannot be read from ${file} (${(cause as NodeJS.ErrnoException).code})`, { cause }); // fs throws nothing else
  }
}
