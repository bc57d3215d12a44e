import type { Command } from 'commander';
import type { AliasOptions } from '../commands/alias.js';
import type { ModelsOptions } from '../commands/models.js';
import { limitOption, remote, wholeNumber } from '../options.js';
import type { Outcome } from '../outcome.js';
import type { Terminal } from '../terminal.js';

const version = (text: string) => wholeNumber(1, 4_294_967_295)(text.replace(/^v/, ''));

export function defineModelCommands(program: Command, terminal: Terminal, outcome: Outcome): void {
  program.commandsGroup('Models:');
  remote(program.command('models'))
    .argument('[model]')
    .description('list models, or the versions of one')
    .addOption(limitOption(20))
    .action(outcome.of(async (model: string | undefined, options: ModelsOptions) => (await import('../commands/models.js')).models(terminal, model, options)));

  remote(program.command('promote'))
    .argument('<model>')
    .argument('<version>', 'such as 3 or v3', version)
    .description('make a version the champion')
    .option('--alias <name>', 'the alias to move', 'champion')
    .option('--reason <text>', 'why, for the log')
    .action(outcome.of(async (model: string, to: number, options: AliasOptions) => (await import('../commands/alias.js')).promote(terminal, model, to, options)));

  remote(program.command('rollback'))
    .argument('<model>')
    .description('make the champion the version that it was before')
    .option('--alias <name>', 'the alias to move', 'champion')
    .option('--reason <text>', 'why, for the log')
    .action(outcome.of(async (model: string, options: AliasOptions) => (await import('../commands/alias.js')).rollback(terminal, model, options)));
}
