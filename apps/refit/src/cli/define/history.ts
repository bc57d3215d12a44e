import { Option, type Command } from 'commander';
import type { AlertsOptions } from '../commands/alerts.js';
import type { EventsOptions } from '../commands/events.js';
import { withMoments } from '../moments.js';
import { nextPage, pageOption } from '../next-page.js';
import { collect, limitOption, remote, wholeNumber } from '../options.js';
import type { Outcome } from '../outcome.js';
import type { Terminal } from '../terminal.js';
import { defineDeadLetterCommands } from './dead-letters.js';

export function defineHistoryCommands(program: Command, terminal: Terminal, outcome: Outcome): void {
  program.commandsGroup('What happened:');
  withMoments(remote(program.command('alerts')), 'raised', terminal)
    .description('list alerts, the newest first')
    .option('--pipeline <name>', 'only of this pipeline')
    .addOption(new Option('--kind <kind>', 'only these').choices(['empty-data', 'schema', 'distribution', 'feature', 'model-validation', 'run-failed']))
    .addOption(new Option('--severity <severity>', 'only these').choices(['info', 'warning', 'failure']))
    .addOption(limitOption(20))
    .addOption(pageOption())
    .action(outcome.of(async (options: AlertsOptions, command: Command) => (await import('../commands/alerts.js')).alerts(terminal, options, nextPage(command))));

  withMoments(remote(program.command('events')), 'recorded', terminal)
    .argument('[stream]', 'such as run-0190… (the beginning is enough), or "run-*"; the whole log without it')
    .description('print the log itself')
    .option('--from <place>', 'after a position of the log, or from a revision of a stream')
    .option('--before <place>', 'only before a position of the log, or a revision of a stream')
    .option('--type <type>', 'only events of this type; may stand several times', collect)
    .addOption(new Option('--limit <n>', 'how many at most').argParser(wholeNumber(1, 4_294_967_294)).conflicts('last'))
    .addOption(new Option('--last <n>', 'only the last ones').argParser(wholeNumber(1, 5000)).conflicts('follow'))
    .option('-f, --follow', 'go on as events are added')
    .action(outcome.of(async (stream: string | undefined, options: EventsOptions, command: Command) =>
      (await import('../commands/events.js')).events(terminal, stream, options, { from: nextPage(command, '--from'), before: nextPage(command, '--before') })));

  defineDeadLetterCommands(program, terminal, outcome);
}
