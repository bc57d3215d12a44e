import type { Command } from 'commander';

/** That no option of the list was given where one entry is asked for: it would be passed over in silence. */
export function requireListOnly(command: Command, names: readonly string[]): void {
  const given = names.find((name) => command.getOptionValueSource(name) === 'cli');
  if (given !== undefined) command.error(`error: option '--${given}' is for the list; leave it or '${command.args.join(' ')}' out`);
}
