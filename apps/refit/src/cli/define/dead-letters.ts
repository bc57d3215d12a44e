import { Option, type Command } from 'commander';
import type { DeadLettersOptions, ShowLetterOptions } from '../commands/dead-letters.js';
import type { DiscardOptions, RetryLettersOptions } from '../commands/settle-dead-letters.js';
import { withMoments } from '../moments.js';
import { nextPage, pageOption } from '../next-page.js';
import { limitOption, remote } from '../options.js';
import type { Outcome } from '../outcome.js';
import type { Terminal } from '../terminal.js';

const someLetter = 'id of a letter, or its beginning';

/** Messages from outside that could not be taken. */
export function defineDeadLetterCommands(program: Command, terminal: Terminal, outcome: Outcome): void {
  const letters = program.command('dead-letters').description('messages from outside that could not be taken');

  filtered(remote(letters.command('list', { isDefault: true })), terminal)
    .description('list them, the newest first')
    .option('--all', 'also those that were retried or discarded')
    .addOption(limitOption(20))
    .addOption(pageOption())
    .action(outcome.of(async (options: DeadLettersOptions, command: Command) => (await import('../commands/dead-letters.js')).listDeadLetters(terminal, options, nextPage(command))));

  remote(letters.command('show'))
    .argument('<letter>', someLetter)
    .description('show one: why, where it came from, and its original bytes, of many the first')
    .addOption(new Option('--raw', 'only its original bytes, as they came').conflicts('json'))
    .option('--output <file>', 'write its original bytes to a file')
    .action(outcome.of(async (id: string, options: ShowLetterOptions) => (await import('../commands/dead-letters.js')).showDeadLetter(terminal, id, options)));

  filtered(remote(letters.command('retry')), terminal)
    .argument('[letters...]', someLetter)
    .description('take them as if they came now')
    .option('--all', 'all that are parked, or of those the ones asked for')
    .action(outcome.of(async (ids: readonly string[], options: RetryLettersOptions) => (await import('../commands/settle-dead-letters.js')).retryDeadLetters(terminal, ids, options)));

  filtered(remote(letters.command('discard')), terminal)
    .argument('[letters...]', someLetter)
    .description('set them aside for good; the log keeps them, but not bodies of more than 32 KiB')
    .option('--all', 'all that are parked, or of those the ones asked for')
    .option('--reason <text>', 'why, for the log')
    .action(outcome.of(async (ids: readonly string[], options: DiscardOptions) => (await import('../commands/settle-dead-letters.js')).discardDeadLetters(terminal, ids, options)));
}

const filtered = (command: Command, terminal: Terminal): Command =>
  withMoments(command, 'that came', terminal)
    .option('--code <code>', 'only those refused with this error code, such as DATA_FILE_NOT_FOUND')
    .option('--origin <origin>', 'only those from there, such as http, "kafka refit.data-arrivals" or "kafka refit.data-arrivals/3"');
