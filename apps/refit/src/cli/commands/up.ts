import { loadConfig, readConfig, type ConfigSources } from '@refit/service/config';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import type { Terminal } from '../terminal.js';

export interface UpCommandOptions {
  readonly example?: string;
  readonly json?: boolean;
}

/** `refit up`: all services in this process, until Ctrl+C. */
export async function startUp(terminal: Terminal, options: UpCommandOptions, flags: readonly string[]): Promise<ExitCode> {
  const sources: ConfigSources = { argv: flags, env: process.env, cwd: process.cwd() };
  const usage = readConfig(sources).problems.filter((problem) => problem.usage);
  if (usage.length > 0) {
    for (const { origin, message } of usage) terminal.printError(`error: ${origin.kind === 'flag' ? `${origin.flag}: ` : ''}${message}`);
    terminal.printError('(refit up --help says more)');
    return exitCodes.usage;
  }
  const config = loadConfig(sources, (warning) => terminal.printError(`${terminal.style.yellow('warning')}: ${warning}`));
  const { up } = await import('../../up/index.js');
  await up({ ...options, config });
  return exitCodes.done;
}
