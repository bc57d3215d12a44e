import { Option, type Command } from 'commander';
import type { DataArriveOptions } from '../commands/data-arrive.js';
import type { DecayOptions } from '../commands/decay.js';
import type { ReasonsOptions } from '../commands/reasons.js';
import { withMoments } from '../moments.js';
import { nextPage, pageOption } from '../next-page.js';
import { limitOption, remote } from '../options.js';
import type { Outcome } from '../outcome.js';
import type { Terminal } from '../terminal.js';
import { defineDataFileCommands } from './data-files.js';

/** Reasons to run: saying one, and seeing what came of all of them. */
export function defineSignalCommands(program: Command, terminal: Terminal, outcome: Outcome): void {
  program.commandsGroup('Reasons to run:');
  const data = program.command('data').description('announce data; look at data files, check them, compare them');
  defineDataFileCommands(data, terminal, outcome);
  remote(data.command('arrive'))
    .argument('<dataset>')
    .argument('<uri>', 'the file, as the server finds it')
    .description('say that a batch of data has arrived')
    .option('--name <name>', 'of the batch; the same name again replaces it (default: the name of the file, without its extension)')
    .addOption(new Option('--format <format>', 'default: by name and content').choices(['csv', 'tsv', 'json-lines', 'parquet']))
    .option('--id <id>', 'of this message; the same source and id again change nothing')
    .option('--source <source>', 'who announces it', 'refit-cli')
    .action(outcome.of(async (dataset: string, uri: string, options: DataArriveOptions) => (await import('../commands/data-arrive.js')).dataArrive(terminal, dataset, uri, options)));

  remote(program.command('decay'))
    .argument('<pipeline>')
    .description('say that its deployed model gets worse')
    .addOption(new Option('--severity <severity>', 'how bad it is').choices(['low', 'medium', 'high']).makeOptionMandatory())
    .option('--summary <text>', 'what was seen')
    .option('--id <id>', 'of this message; the same source and id again change nothing')
    .option('--source <source>', 'who reports it', 'refit-cli')
    .action(outcome.of(async (pipeline: string, options: DecayOptions) => (await import('../commands/decay.js')).decay(terminal, pipeline, options)));

  withMoments(remote(program.command('reasons')), 'that came up', terminal)
    .argument('[pipeline]')
    .description('list what asked for runs, and what came of it')
    .addOption(new Option('--verdict <verdict>', 'only these').choices(['started', 'coalesced', 'queued', 'skipped']))
    .addOption(new Option('--skip-cause <cause>', 'only those skipped for this').choices(['cool-down', 'duplicate', 'paused', 'too-few-rows', 'run-open', 'disabled', 'below-severity', 'queue-full', 'missed', 'no-data']))
    .addOption(new Option('--kind <kind>', 'only these').choices(['schedule', 'data', 'decay', 'manual', 'backfill']))
    .addOption(limitOption(20))
    .addOption(pageOption())
    .action(outcome.of(async (pipeline: string | undefined, options: ReasonsOptions, command: Command) => (await import('../commands/reasons.js')).reasons(terminal, pipeline, options, nextPage(command))));
}
