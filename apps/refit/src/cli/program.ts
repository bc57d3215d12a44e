import { Command, CommanderError } from 'commander';
import { defineConfigurationCommands } from './define/configuration.js';
import { defineBackfillCommands } from './define/backfills.js';
import { defineHistoryCommands } from './define/history.js';
import { defineModelCommands } from './define/models.js';
import { defineOperationCommands } from './define/operation.js';
import { definePipelineCommands } from './define/pipelines.js';
import { defineRunCommands } from './define/runs.js';
import { defineSignalCommands } from './define/signals.js';
import { addExamples } from './examples.js';
import { exitCodes, type ExitCode } from './exit-codes.js';
import { Outcome } from './outcome.js';
import type { Terminal } from './terminal.js';
import { version } from './version.js';

/**
 * Runs `refit` with these arguments and says how it ended. Commands are loaded when they are called, so that help needs
 * none of them. With `--json` what is wrong is JSON too, also when it is the command line.
 */
export async function runProgram(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const outcome = new Outcome();
  const json = args.includes('--json');
  try {
    await defineProgram(terminal, outcome, json).parseAsync(args, { from: 'user' });
    return outcome.code;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return exitCodes.done;
    const { errorJson, isUsageError, renderError, usageError } = await import('./render/error.js');
    const isTold = error instanceof CommanderError; // by commander itself
    const refused = isTold ? usageError(error.message) : error;
    if (json) terminal.print(JSON.stringify(errorJson(refused)));
    else if (!isTold) terminal.printError(renderError(error, terminal.style));
    return isUsageError(refused) ? exitCodes.usage : exitCodes.error;
  }
}

function defineProgram(terminal: Terminal, outcome: Outcome, json: boolean): Command {
  const program = new Command('refit')
    .description('Refit keeps machine-learning models fresh.')
    .version(version())
    .showHelpAfterError('(refit --help, or refit help COMMAND, says more)')
    .configureHelp({ subcommandTerm: commandLine, visibleCommands: (command) => command.commands.filter((c) => c.name() !== 'help') })
    .addHelpText('after', '\nExit codes: 0 done, 1 error, 2 a gate said no, 64 bad usage.');
  // Subcommands take these settings over: they come first.
  program.exitOverride().configureOutput({ writeOut: (text) => terminal.print(text.trimEnd()), writeErr: (text) => void (json || terminal.printError(text.trimEnd())) });
  defineOperationCommands(program, terminal, outcome);
  definePipelineCommands(program, terminal, outcome);
  defineRunCommands(program, terminal, outcome);
  defineBackfillCommands(program, terminal, outcome);
  defineSignalCommands(program, terminal, outcome);
  defineModelCommands(program, terminal, outcome);
  defineHistoryCommands(program, terminal, outcome);
  defineConfigurationCommands(program, terminal, outcome);
  addExamples(program);
  return program;
}

/** A command and its arguments; those that only hold others with the others. */
function commandLine(command: Command): string {
  const others = command.commands.map((c) => c.name());
  const rest = others.length > 0 ? [others.join('|')] : command.registeredArguments.map((a) => (a.required ? `<${a.name()}>` : `[${a.name()}]`));
  return [command.name(), ...rest].join(' ');
}
