import { Option, type Command } from 'commander';
import type { ResetOptions } from '../commands/reset.js';
import type { UpCommandOptions } from '../commands/up.js';
import { collect, jsonOption, wholeNumber } from '../options.js';
import type { Outcome } from '../outcome.js';
import type { Terminal } from '../terminal.js';

const port = wholeNumber(0, 65_535);
const dataDirectoryOption = () => new Option('--data-dir <folder>', 'where all state lives (default: .refit)').env('REFIT_DATA_DIR');

/** Starting and forgetting. */
export function defineOperationCommands(program: Command, terminal: Terminal, outcome: Outcome): void {
  program.commandsGroup('Refit itself:');
  program
    .command('up')
    .description('start everything in this process, until Ctrl+C')
    .addOption(dataDirectoryOption())
    .option('--host <address>', 'listen there (default: 127.0.0.1)')
    .addOption(new Option('--port <port>', 'for HTTP (default: 7400)').argParser(port))
    .addOption(new Option('--grpc-port <port>', 'for gRPC (default: 7410)').argParser(port))
    .option('--allow-root <folder>', 'a folder that data may be read from; may stand several times', collect)
    .addOption(new Option('--example <name>', 'play an example').choices(['flights']))
    .addOption(jsonOption())
    .action(outcome.of(async (options: UpCommandOptions) => (await import('../commands/up.js')).startUp(options)));

  program
    .command('reset')
    .description('delete all state, after asking')
    .addOption(dataDirectoryOption())
    .option('-y, --yes', 'do not ask')
    .addOption(jsonOption())
    .action(outcome.of(async (options: ResetOptions) => (await import('../commands/reset.js')).reset(terminal, options)));
}
