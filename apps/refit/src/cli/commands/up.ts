import type { Command } from 'commander';
import { loadConfig, problemDetail, readConfig, type ConfigSources } from '@refit/service/config';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import type { Terminal } from '../terminal.js';

export interface UpCommandOptions {
  readonly example?: string;
  readonly json?: boolean;
}

/** `refit up`: all services in this process, until Ctrl+C. */
export async function startUp(terminal: Terminal, options: UpCommandOptions, command: Command): Promise<ExitCode> {
  const sources: ConfigSources = { argv: command.args, commandFlags: command.options.flatMap(({ long }) => long ?? []), env: process.env, cwd: process.cwd() };
  const usage = readConfig(sources).problems.filter((problem) => problem.usage).map((problem) => problemDetail(problem).message);
  if (usage.length > 0) command.error(`error: ${usage.join('\n')}`, { exitCode: exitCodes.usage });
  const config = loadConfig(sources, (warning) => terminal.printError(`${terminal.style.yellow('warning')}: ${warning}`));
  const { up } = await import('../../up/index.js');
  await up({ ...options, config });
  return exitCodes.done;
}
