import { Option, type Command } from 'commander';
import type { ResetOptions } from '../commands/reset.js';
import type { UpCommandOptions } from '../commands/up.js';
import { jsonOption } from '../options.js';
import type { Outcome } from '../outcome.js';
import type { Terminal } from '../terminal.js';

const settingsHelp = `
Settings:
  --config <file>        the configuration file (default: REFIT_CONFIG, or refit.config.yaml in this folder)
  --data-dir <folder>    where all state lives (default: .refit)
  --host <address>       listen there (default: 127.0.0.1)
  --port <port>          for HTTP (default: 7400)
  --grpc-port <port>     for gRPC (default: 7410)
  --allow-root <folder>  a folder that data may be read from; may stand several times
  --log-level <level>    the least that is logged (default: info)
Every other setting of docs/configuration.md is a flag too. refit config check shows what is set, and where.`;

/** Starting and forgetting. */
export function defineOperationCommands(program: Command, terminal: Terminal, outcome: Outcome): void {
  program.commandsGroup('Refit itself:');
  program
    .command('up')
    .description('start everything in this process, until Ctrl+C')
    .addOption(new Option('--example <name>', 'play an example').choices(['flights']))
    .addOption(jsonOption())
    .allowUnknownOption() // settings are read from what is left
    .allowExcessArguments()
    .addHelpText('after', settingsHelp)
    .action(outcome.of(async (options: UpCommandOptions, command: Command) => (await import('../commands/up.js')).startUp(terminal, options, command)));

  program
    .command('reset')
    .description('delete all state, after asking')
    .option('--data-dir <folder>', 'where all state lives (default: as it is configured, or .refit)')
    .option('-y, --yes', 'do not ask')
    .addOption(jsonOption())
    .action(outcome.of(async (options: ResetOptions) => (await import('../commands/reset.js')).reset(terminal, options)));
}
