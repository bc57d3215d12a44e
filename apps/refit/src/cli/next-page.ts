import { Option, type Command } from 'commander';
import type { Style } from './terminal.js';

/** Of lists that come in pages. */
export interface PageOptions {
  readonly limit: number;
  readonly page?: string;
}

export const pageOption = () => new Option('--page <token>', 'the page after one that this token came with');

/** Makes the command line that shows what comes after a place of a list. */
export type NextPage = (place: string) => string;

/** The command line as it was given, but from another place on. */
export const nextPage = (command: Command, flag = '--page'): NextPage => (place) => [...words(command, flag), flag, quoted(place)].join(' ');

function words(command: Command, replaced: string): readonly string[] {
  const path: string[] = [];
  for (let c: Command | null = command; c; c = c.parent) path.unshift(c.name());
  return [...path, ...command.args.map(quoted), ...command.options.flatMap((option) => given(command, option, replaced))];
}

/** An option as it was given on the command line; not the one that changes. */
function given(command: Command, option: Option, replaced: string): readonly string[] {
  const name = option.attributeName();
  const flag = option.long ?? option.short ?? '';
  if (command.getOptionValueSource(name) !== 'cli' || flag === replaced) return [];
  const value: unknown = command.getOptionValue(name);
  if (value === true) return [flag];
  return [value].flat().flatMap((single) => [flag, quoted(single instanceof Date ? single.toISOString() : String(single))]);
}

/** For a POSIX shell. */
export const quoted = (word: string) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);

/** Under a list that goes on. */
export const nextPageHint = (place: string, next: NextPage, style: Style): string => (place === '' ? '' : `\n${style.dim(`… and more: ${next(place)}`)}`);
