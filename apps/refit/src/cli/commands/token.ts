import { randomBytes } from 'node:crypto';
import { tokenHash } from '@refit/service';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import { facts } from '../render/table.js';
import type { Terminal } from '../terminal.js';

/** `refit token NAME`: a new random token, and the line of the configuration that lets its bearer in. Nothing is stored. */
export function makeToken(terminal: Terminal, name: string, { json }: { readonly json?: boolean }): ExitCode {
  const token = randomBytes(32).toString('base64url');
  const operator = `${name}:${tokenHash(token)}`;
  if (json) terminal.print(JSON.stringify({ name, token, operator }));
  else {
    terminal.print(facts([['token', token], ['operator', operator]], terminal.style));
    terminal.print(terminal.style.dim(`Give the token to ${name}, who puts it into REFIT_TOKEN or a file for --token-file: it is shown only now.\nPut the operator into the setting \`operators\` (REFIT_OPERATORS) of every service. Tokens travel as they are: beyond this machine let a proxy speak TLS.`));
  }
  return exitCodes.done;
}
