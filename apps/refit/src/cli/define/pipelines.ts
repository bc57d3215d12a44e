import type { Command } from 'commander';
import type { PauseOptions, PipelinesOptions } from '../commands/pipelines.js';
import { limitOption, remote, type ServerOptions } from '../options.js';
import type { Outcome } from '../outcome.js';
import type { Terminal } from '../terminal.js';

export function definePipelineCommands(program: Command, terminal: Terminal, outcome: Outcome): void {
  program.commandsGroup('Pipelines:');
  remote(program.command('apply'))
    .argument('<file>', 'a pipeline file (YAML)')
    .description('make a pipeline file the newest version of its pipeline')
    .action(outcome.of(async (file: string, options: ServerOptions) => (await import('../commands/apply.js')).apply(terminal, file, options)));

  remote(program.command('pipelines'))
    .argument('[pipeline]', 'show this one whole, with every default')
    .description('list pipelines')
    .addOption(limitOption(50))
    .action(outcome.of(async (name: string | undefined, options: PipelinesOptions) => (await import('../commands/pipelines.js')).pipelines(terminal, name, options)));

  remote(program.command('pause'))
    .argument('<pipeline>')
    .description('start no more runs of a pipeline')
    .option('--reason <text>', 'why, for the log')
    .action(outcome.of(async (name: string, options: PauseOptions) => (await import('../commands/pipelines.js')).pause(terminal, name, options)));

  remote(program.command('resume'))
    .argument('<pipeline>')
    .description('start runs of a paused pipeline again')
    .action(outcome.of(async (name: string, options: ServerOptions) => (await import('../commands/pipelines.js')).resume(terminal, name, options)));
}
