import { InvalidArgumentError, Option, type Command } from 'commander';
import type { BackfillOptions } from '../commands/backfill.js';
import type { CancelBackfillOptions, ListBackfillsOptions } from '../commands/backfills.js';
import { durationUnits, readDuration } from '../durations.js';
import { nextPage, pageOption } from '../next-page.js';
import { limitOption, remote, type ServerOptions } from '../options.js';
import type { Outcome } from '../outcome.js';
import type { Terminal } from '../terminal.js';

const someBackfill = 'id of a backfill, or its beginning';

/** Runs over past spans. */
export function defineBackfillCommands(program: Command, terminal: Terminal, outcome: Outcome): void {
  const backfill = program.command('backfill').description('run a pipeline for past times');

  remote(backfill.command('start', { isDefault: true }))
    .argument('<pipeline>')
    .description('run it for each past span, as if its end were now; the models do not become champions')
    .addOption(timeOption('--from <time>', 'where the first span begins'))
    .addOption(timeOption('--to <time>', 'where the last one ends, exclusive'))
    .addOption(new Option('--every <length>', 'a span is so long: 7d, 12h (default: as long as the pipeline\'s window)').argParser(length))
    .addOption(new Option('--schedule', 'spans between the times of the pipeline\'s schedules').conflicts('every'))
    .option('--preview', 'show what would run and on what data, and start nothing')
    .option('--promote', 'let the models become champions, where they win the comparison')
    .option('--wait', 'until it is done; exits with 2 when a gate said no')
    .option('--request-id <id>', 'the same id again starts nothing')
    .action(outcome.of(async (pipeline: string, options: BackfillOptions) => (await import('../commands/backfill.js')).backfill(terminal, pipeline, options)));

  remote(backfill.command('list'))
    .argument('[pipeline]')
    .description('list them, the newest first')
    .addOption(limitOption(20))
    .addOption(pageOption())
    .action(outcome.of(async (pipeline: string | undefined, options: ListBackfillsOptions, command: Command) => (await import('../commands/backfills.js')).listBackfills(terminal, pipeline, options, nextPage(command))));

  remote(backfill.command('show'))
    .argument('<backfill>', someBackfill)
    .description('show what has become of each span')
    .action(outcome.of(async (id: string, options: ServerOptions) => (await import('../commands/backfills.js')).showBackfill(terminal, id, options)));

  remote(backfill.command('cancel'))
    .argument('<backfill>', someBackfill)
    .description('start no more of it, and stop its open run')
    .option('--reason <text>', 'why, for the log')
    .action(outcome.of(async (id: string, options: CancelBackfillOptions) => (await import('../commands/backfills.js')).cancelBackfill(terminal, id, options)));
}

/** A time of the data: what has no zone is in UTC, as times in data are. */
const timeOption = (flags: string, description: string) =>
  new Option(flags, `${description}: 2001-01-31, 2001-01-31T06:00, in UTC unless it says another zone`).makeOptionMandatory().argParser((text) => {
    const [, day = '', time] = /^(\d{4}-\d{2}-\d{2})([T ]\d{2}:\d{2}(?::\d{2})?(?:Z|[+-]\d{2}:\d{2})?)?$/.exec(text) ?? [];
    const date = new Date(time === undefined ? day : /(Z|[+-]\d{2}:\d{2})$/.test(time) ? text : `${text}Z`);
    // The 31st of February would otherwise be a day in March.
    if (!Number.isNaN(date.getTime()) && new Date(day).toISOString().startsWith(day)) return date;
    throw new InvalidArgumentError('Expected a date or a time that exists, such as 2001-01-31 or 2001-01-31T06:00Z.');
  });

const shortestSpanMs = 60_000;

function length(text: string): number {
  const ms = readDuration(text);
  if (ms !== undefined && ms >= shortestSpanMs) return ms;
  throw new InvalidArgumentError(`Expected a length of time of at least a minute, such as 90m, 12h, 7d or 4w (units: ${durationUnits}).`);
}
