import { Option, type Command } from 'commander';
import type { PauseOptions, PipelinesOptions, ResumeOptions } from '../commands/pipelines.js';
import { nextPage, pageOption } from '../next-page.js';
import { limitOption, remote, type ServerOptions } from '../options.js';
import type { Outcome } from '../outcome.js';
import type { Terminal } from '../terminal.js';
import { requireListOnly } from './list-only.js';

export function definePipelineCommands(program: Command, terminal: Terminal, outcome: Outcome): void {
  program.commandsGroup('Pipelines:');
  remote(program.command('apply'))
    .argument('<file>', 'a pipeline file (YAML)')
    .description('make a pipeline file the newest version of its pipeline')
    .action(outcome.of(async (file: string, options: ServerOptions) => (await import('../commands/apply.js')).apply(terminal, file, options)));

  remote(program.command('pipelines'))
    .argument('[pipeline]', 'show this one whole, with every default')
    .description('list pipelines')
    .option('--name <pattern>', 'only those with such names: "flights-*"')
    .addOption(new Option('--paused', 'only those that are paused').conflicts('active'))
    .option('--active', 'only those that are not')
    .addOption(limitOption(50))
    .addOption(pageOption())
    .action(outcome.of(async (pipeline: string | undefined, options: PipelinesOptions, command: Command) => {
      const { onePipeline, pipelines } = await import('../commands/pipelines.js');
      if (pipeline === undefined) return pipelines(terminal, options, nextPage(command));
      requireListOnly(command, ['name', 'paused', 'active', 'limit', 'page']);
      return onePipeline(terminal, pipeline, options);
    }));

  remote(program.command('pause'))
    .argument('<pipeline>')
    .description('start no more runs of a pipeline')
    .option('--reason <text>', 'why, for the log')
    .action(outcome.of(async (name: string, options: PauseOptions) => (await import('../commands/pipelines.js')).pause(terminal, name, options)));

  remote(program.command('resume'))
    .argument('<pipeline>')
    .description('start runs of a paused pipeline again')
    .option('--start', 'also start a run with what was skipped while it was paused')
    .action(outcome.of(async (name: string, options: ResumeOptions) => (await import('../commands/pipelines.js')).resume(terminal, name, options)));
}
