import { InvalidArgumentError, Option, type Command } from 'commander';
import type { DataFileOptions } from '../commands/data-files.js';
import type { DataStatsOptions } from '../commands/data-stats.js';
import type { DataValidateOptions } from '../commands/data-validate.js';
import { jsonOption } from '../options.js';
import type { Outcome } from '../outcome.js';
import type { Terminal } from '../terminal.js';

/** Data files by themselves; no service has to run. */
export function defineDataFileCommands(data: Command, terminal: Terminal, outcome: Outcome): void {
  withFileOptions(data.command('stats'))
    .argument('<file>', 'CSV, TSV, JSON Lines or Parquet, in any encoding and dialect')
    .description('show what is in a data file')
    .addOption(new Option('--slice <column=value>', 'only rows with this value; without "=", those without a value').argParser(slice))
    .option('--weight <column>', 'count every row by the weight that stands there')
    .addOption(new Option('--label <column[>number]>', 'say what each column tells of it').argParser(label).conflicts(['slice', 'weight']))
    .action(outcome.of(async (file: string, options: DataStatsOptions) => (await import('../commands/data-stats.js')).dataStats(terminal, file, options)));
  withFileOptions(data.command('schema'))
    .argument('<file>')
    .description('show what later data would have to look like')
    .action(outcome.of(async (file: string, options: DataFileOptions) => (await import('../commands/data-schema.js')).dataSchema(terminal, file, options)));
  withFileOptions(data.command('validate'))
    .argument('<file>')
    .description('say what the data gate says of a file')
    .addOption(new Option('--reference <file>', 'data as it should be'))
    .addOption(new Option('--schema <file>', 'from refit data schema FILE --json').conflicts('reference'))
    .action(outcome.of(async (file: string, options: DataValidateOptions, command: Command) => {
      if (options.reference === undefined && options.schema === undefined) command.error('error: say what the data should be like: --reference FILE or --schema FILE');
      return (await import('../commands/data-validate.js')).dataValidate(terminal, file, options);
    }));
  withFileOptions(data.command('drift'))
    .argument('<reference>', 'data as it was')
    .argument('<file>', 'data as it is now')
    .description('say which distributions have moved')
    .action(outcome.of(async (reference: string, file: string, options: DataFileOptions) => (await import('../commands/data-validate.js')).dataDrift(terminal, reference, file, options)));
}

const withFileOptions = (command: Command): Command =>
  command
    .addOption(new Option('--format <format>', 'default: by name and content').choices(['csv', 'tsv', 'json-lines', 'parquet']))
    .option('--encoding <name>', 'of text, such as utf-16le, windows-1252, shift_jis (default: it is found out)')
    .addOption(new Option('--max-malformed <share>', 'of rows that may be malformed (default: 0.01)').argParser(share))
    .option('--pipeline <file>', 'take the limits of its data gate')
    .addOption(jsonOption())
    .option('--html <file>', 'also write a page with charts');

function share(text: string): number {
  const number = Number(text);
  if (text.trim() !== '' && number >= 0 && number <= 1) return number;
  throw new InvalidArgumentError('Expected a number from 0 to 1.');
}

function slice(text: string): { column: string; value: string | null } {
  const at = text.indexOf('=');
  return at === -1 ? { column: text, value: null } : { column: text.slice(0, at), value: text.slice(at + 1) };
}

function label(text: string): { column: string; above?: number } {
  const [, column, above] = /^(.*?)\s*>\s*([^>]+)$/u.exec(text) ?? [];
  if (column === undefined || above === undefined) return { column: text };
  if (Number.isFinite(Number(above))) return { column, above: Number(above) };
  throw new InvalidArgumentError('Expected a column, or a column and a number that it lies above, such as "delay>15".');
}
