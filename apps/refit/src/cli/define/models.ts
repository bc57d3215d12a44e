import { Option, type Command } from 'commander';
import type { AliasOptions } from '../commands/alias.js';
import type { ModelsOptions } from '../commands/models.js';
import { nextPage, pageOption } from '../next-page.js';
import { limitOption, remote, wholeNumber } from '../options.js';
import type { Outcome } from '../outcome.js';
import type { Terminal } from '../terminal.js';
import { requireListOnly } from './list-only.js';

const version = (text: string) => wholeNumber(1, 4_294_967_295)(text.replace(/^v/, ''));

export function defineModelCommands(program: Command, terminal: Terminal, outcome: Outcome): void {
  program.commandsGroup('Models:');
  remote(program.command('models'))
    .argument('[model]')
    .description('list models, or the versions of one')
    .option('--name <pattern>', 'only models with such names: "flights-*"')
    .option('--pipeline <name>', 'only versions of this pipeline')
    .option('--alias <name>', 'only versions that have this alias')
    .addOption(new Option('--status <status>', 'only versions that are the champion, were it, or never were').choices(['champion', 'former', 'candidate']))
    .addOption(limitOption(20))
    .addOption(pageOption())
    .action(outcome.of(async (model: string | undefined, options: ModelsOptions, command: Command) => {
      const { models, oneModel } = await import('../commands/models.js');
      if (model === undefined) return models(terminal, options, nextPage(command));
      requireListOnly(command, ['name']);
      return oneModel(terminal, model, options, nextPage(command));
    }));

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
