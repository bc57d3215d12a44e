import { existsSync } from 'node:fs';
import { readdir, rm, rmdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { RefitError } from '@refit/contracts';
import { withExclusiveDataDirectory } from '@refit/service';
import { loadConfig } from '@refit/service/config';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import { errorJson, usageError } from '../render/error.js';
import type { Terminal } from '../terminal.js';

export interface ResetOptions {
  readonly dataDir?: string;
  readonly yes?: boolean;
  readonly json?: boolean;
}

/** What `withExclusiveDataDirectory` keeps in the folder, and every folder of Refit has. */
const lockFiles = /^owner\./;

/** `refit reset`: forgets everything, after asking. */
export async function reset(terminal: Terminal, { dataDir, yes = false, json = false }: ResetOptions): Promise<ExitCode> {
  const directory = dataDir === undefined ? configuredDirectory() : resolve(dataDir);
  const tell = (deleted: boolean, text: string) => terminal.print(json ? JSON.stringify({ dataDirectory: directory, deleted }) : text);
  if (!existsSync(directory)) {
    tell(false, `There is nothing to delete: ${directory} does not exist.`);
    return exitCodes.done;
  }
  await requireDataDirectory(directory);
  if (!yes && !(await confirmed(terminal, directory, json))) return exitCodes.usage;
  await withExclusiveDataDirectory(directory, async () => {
    for (const name of await readdir(directory)) if (!lockFiles.test(name)) await rm(join(directory, name), { recursive: true, force: true });
  });
  for (const name of await readdir(directory)) if (lockFiles.test(name)) await rm(join(directory, name), { force: true });
  await rmdir(directory).catch(() => {}); // somebody may already start anew in it
  tell(true, `${terminal.style.green('✓')} ${directory} is deleted; the next start begins anew`);
  return exitCodes.done;
}

/** @throws RefitError CONFIG_INVALID: nothing is deleted on a guess */
const configuredDirectory = () => loadConfig({ argv: [], env: process.env, cwd: process.cwd() }).dataDirectory;

/** A folder that Refit made: nothing else is ever deleted. */
async function requireDataDirectory(directory: string): Promise<void> {
  const names = await readdir(directory).catch((cause: unknown) => {
    throw new RefitError('DATA_DIRECTORY_UNUSABLE', `cannot read ${directory}: ${(cause as Error).message}`, { cause });
  });
  if (names.length === 0 || names.some((name) => lockFiles.test(name))) return;
  throw new RefitError('DATA_DIRECTORY_UNUSABLE', `${directory} does not look like a data directory of Refit; nothing was deleted. Name the right one with --data-dir`);
}

async function confirmed(terminal: Terminal, directory: string, json: boolean): Promise<boolean> {
  if (!terminal.interactive || json) {
    const text = `nobody is here to ask; delete ${directory} with --yes`;
    if (json) terminal.print(JSON.stringify(errorJson(usageError(text))));
    else terminal.printError(`error: ${text}`);
    return false;
  }
  const answer = await terminal.ask(`Delete ${directory} with all runs, models and events in it? [y/N] `);
  if (/^y(es)?$/i.test(answer.trim())) return true;
  terminal.print('Nothing was deleted.');
  return false;
}
