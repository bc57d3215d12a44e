import { InvalidArgumentError, Option, type Command } from 'commander';
import { jsonOption } from '../options.js';

/** Options of every command that looks at data files. */
export const withFileOptions = (command: Command): Command =>
  command
    .addOption(new Option('--format <format>', 'default: by name and content').choices(['csv', 'tsv', 'json-lines', 'parquet']))
    .option('--encoding <name>', 'of text, such as utf-16le, windows-1252, shift_jis (default: it is found out)')
    .addOption(new Option('--max-malformed <share>', 'of rows that may be malformed (default: 0.01)').argParser(share))
    .option('--pipeline <file>', 'take the limits of its data gate')
    .addOption(jsonOption())
    .option('--html <file>', 'also write a page with charts');

/** Where two files are compared. */
export const classifierOption = () => new Option('--no-classifier', 'ask no classifier to tell the rows of the two files apart');

function share(text: string): number {
  const number = Number(text);
  if (text.trim() !== '' && number >= 0 && number <= 1) return number;
  throw new InvalidArgumentError('Expected a number from 0 to 1.');
}
