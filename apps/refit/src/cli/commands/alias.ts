import { PromoteVersionResponseSchema, RollBackAliasResponseSchema, type AliasMoved } from '@refit/contracts';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import { printJson } from '../json.js';
import type { ServerOptions } from '../options.js';
import { aliasLine } from '../render/models.js';
import type { Terminal } from '../terminal.js';
import { actor, withServer } from '../with-server.js';

export interface AliasOptions extends ServerOptions {
  readonly alias: string;
  readonly reason?: string;
}

/** `refit promote MODEL VERSION` */
export async function promote(terminal: Terminal, model: string, version: number, { alias, reason = '', ...options }: AliasOptions): Promise<ExitCode> {
  const answer = await withServer(options, ({ registry }) => registry.promoteVersion({ model, version, alias, actor: actor(), reason }));
  if (options.json) printJson(terminal, PromoteVersionResponseSchema, answer);
  else printMoved(terminal, model, answer.moved);
  return exitCodes.done;
}

/** `refit rollback MODEL`: the alias goes back to where it was before. */
export async function rollback(terminal: Terminal, model: string, { alias, reason = '', ...options }: AliasOptions): Promise<ExitCode> {
  const answer = await withServer(options, ({ registry }) => registry.rollBackAlias({ model, alias, actor: actor(), reason }));
  if (options.json) printJson(terminal, RollBackAliasResponseSchema, answer);
  else printMoved(terminal, model, answer.moved);
  return exitCodes.done;
}

function printMoved(terminal: Terminal, model: string, moved: AliasMoved | undefined): void {
  if (moved) terminal.print(`${terminal.style.green('✓')} ${terminal.style.bold(model)} ${aliasLine(moved, { style: terminal.style, now: terminal.now() })}`);
}
