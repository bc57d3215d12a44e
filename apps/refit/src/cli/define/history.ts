import { Option, type Command } from 'commander';
import type { AlertsOptions } from '../commands/alerts.js';
import type { DeadLettersOptions, DiscardOptions } from '../commands/dead-letters.js';
import type { EventsOptions } from '../commands/events.js';
import { collect, limitOption, remote, wholeNumber, type ServerOptions } from '../options.js';
import type { Outcome } from '../outcome.js';
import type { Terminal } from '../terminal.js';

const someLetter = 'id of a letter, or its beginning';

export function defineHistoryCommands(program: Command, terminal: Terminal, outcome: Outcome): void {
  program.commandsGroup('What happened:');
  remote(program.command('alerts'))
    .description('list alerts, the newest first')
    .option('--pipeline <name>', 'only of this pipeline')
    .addOption(new Option('--kind <kind>', 'only these').choices(['schema', 'distribution', 'feature', 'model-validation', 'run-failed']))
    .addOption(limitOption(20))
    .action(outcome.of(async (options: AlertsOptions) => (await import('../commands/alerts.js')).alerts(terminal, options)));

  remote(program.command('events'))
    .argument('[stream]', 'such as run-0190…, or "run-*"; the whole log without it')
    .description('print the log itself')
    .option('--from <place>', 'after a position of the log, or from a revision of a stream')
    .option('--type <type>', 'only events of this type; may stand several times', collect)
    .addOption(new Option('--limit <n>', 'how many at most').argParser(wholeNumber(1, 4_294_967_295)))
    .option('-f, --follow', 'go on as events are added')
    .action(outcome.of(async (stream: string | undefined, options: EventsOptions) => (await import('../commands/events.js')).events(terminal, stream, options)));

  defineDeadLetterCommands(program, terminal, outcome);
}

/** Messages from outside that could not be taken. */
function defineDeadLetterCommands(program: Command, terminal: Terminal, outcome: Outcome): void {
  const letters = program.command('dead-letters').description('messages from outside that could not be taken');

  remote(letters.command('list', { isDefault: true }))
    .description('list them')
    .option('--all', 'also those that were retried or discarded')
    .addOption(limitOption(20))
    .action(outcome.of(async (options: DeadLettersOptions) => (await import('../commands/dead-letters.js')).listDeadLetters(terminal, options)));

  remote(letters.command('show'))
    .argument('<letter>', someLetter)
    .description('show one whole')
    .action(outcome.of(async (id: string, options: ServerOptions) => (await import('../commands/dead-letters.js')).showDeadLetter(terminal, id, options)));

  remote(letters.command('retry'))
    .argument('<letter>', someLetter)
    .description('take it as if it came now')
    .action(outcome.of(async (id: string, options: ServerOptions) => (await import('../commands/dead-letters.js')).retryDeadLetter(terminal, id, options)));

  remote(letters.command('discard'))
    .argument('<letter>', someLetter)
    .description('set it aside for good')
    .option('--reason <text>', 'why, for the log')
    .action(outcome.of(async (id: string, options: DiscardOptions) => (await import('../commands/dead-letters.js')).discardDeadLetter(terminal, id, options)));
}
