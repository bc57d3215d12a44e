import { InvalidArgumentError, Option, type Command } from 'commander';
import type { DataStatsOptions } from '../commands/data-stats.js';
import type { DataValidateOptions } from '../commands/data-validate.js';
import type { Outcome } from '../outcome.js';
import type { Terminal } from '../terminal.js';
import { readMoment } from '../moments.js';
import { defineDriftCommands } from './drift.js';
import { classifierOption, withFileOptions } from './file-options.js';
import { defineOffenderCommands } from './offenders.js';
import { defineSchemaCommands } from './schemas.js';

/** Data files by themselves; no service has to run. */
export function defineDataFileCommands(data: Command, terminal: Terminal, outcome: Outcome): void {
  withFileOptions(data.command('stats'))
    .argument('<file>', 'CSV, TSV, JSON Lines or Parquet, in any encoding and dialect')
    .description('show what is in a data file')
    .addOption(new Option('--slice <column[=value]>', 'only rows with this value (with nothing after "=": those without one); a column alone: each of its values by itself').argParser(slice))
    .option('--weight <column>', 'count every row by the weight that stands there')
    .addOption(new Option('--label <column[>number]>', 'say what each column tells of it').argParser(label).conflicts(['slice', 'weight']))
    .action(outcome.of(async (file: string, options: DataStatsOptions) => (await import('../commands/data-stats.js')).dataStats(terminal, file, options)));
  defineSchemaCommands(data, terminal, outcome);
  withFileOptions(data.command('validate'))
    .argument('<file>')
    .description('say what the data gate says of a file')
    .addOption(new Option('--reference <file>', 'data as it should be'))
    .addOption(new Option('--schema <file>', 'from refit data schema FILE --json, or refit data schema show DATASET --json').conflicts('reference'))
    .addOption(classifierOption())
    .addOption(new Option('--expectations <file>', 'written by hand: a list as in a pipeline file, or a pipeline file (default: those of --pipeline)'))
    .addOption(nowOption(terminal))
    .addOption(new Option('--environment <name>', 'what the data is for: columns that only training has are not asked for in serving').choices(['training', 'serving']).default('training'))
    .action(outcome.of(async (file: string, options: DataValidateOptions, command: Command) => {
      if (options.reference === undefined && options.schema === undefined && options.expectations === undefined) command.error('error: say what the data should be like: --reference FILE, --schema FILE or --expectations FILE');
      return (await import('../commands/data-validate.js')).dataValidate(terminal, file, options);
    }));
  defineOffenderCommands(data, terminal, outcome);
  defineDriftCommands(data, terminal, outcome);
}

/** Freshness and times in the future are judged by it. */
const nowOption = (clock: Pick<Terminal, 'now'>) =>
  new Option('--now <when>', 'what counts as now: 2026-01-31T12:00Z, or how long ago, such as 2h').argParser((text) => {
    const moment = readMoment(text, clock.now());
    if (moment) return moment;
    throw new InvalidArgumentError('Expected a time, such as 2026-01-31T12:00Z, or how long ago, such as 2h.');
  });

function slice(text: string): { column: string; value?: string | null } {
  const at = text.indexOf('=');
  return at === -1 ? { column: text } : { column: text.slice(0, at), value: text.slice(at + 1) || null };
}

function label(text: string): { column: string; above?: number } {
  const [, column, above] = /^(.*?)\s*>\s*([^>]+)$/u.exec(text) ?? [];
  if (column === undefined || above === undefined) return { column: text };
  if (Number.isFinite(Number(above))) return { column, above: Number(above) };
  throw new InvalidArgumentError('Expected a column, or a column and a number that it lies above, such as "delay>15".');
}
