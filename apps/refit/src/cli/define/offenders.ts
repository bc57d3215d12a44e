import { Option, type Command } from 'commander';
import type { ForgetOptions, OffendersOptions } from '../commands/offenders.js';
import { remote } from '../options.js';
import type { Outcome } from '../outcome.js';
import type { Terminal } from '../terminal.js';

/** Rows that broke hand-written expectations: seeing them, and having them deleted. */
export function defineOffenderCommands(data: Command, terminal: Terminal, outcome: Outcome): void {
  withBatch(remote(data.command('offenders')))
    .argument('[run]', 'a run, or the hash that refit show names')
    .description('show the rows that broke hand-written expectations')
    .action(outcome.of(async (what: string | undefined, options: OffendersOptions, command: Command) => {
      requireOne(what, options, command);
      return (await import('../commands/offenders.js')).offenders(terminal, what, options);
    }));
  withBatch(remote(data.command('forget')))
    .argument('[run]', 'a run, or the hash of an artifact')
    .description('delete the rows that broke expectations for good; that they were there stays in the log')
    .addOption(new Option('--reason <text>', 'why, for the log').makeOptionMandatory())
    .action(outcome.of(async (what: string | undefined, options: ForgetOptions, command: Command) => {
      requireOne(what, options, command);
      return (await import('../commands/offenders.js')).forget(terminal, what, options);
    }));
}

const withBatch = (command: Command): Command =>
  command.addOption(new Option('--batch <name>', 'of this batch, in all runs; needs --dataset')).addOption(new Option('--dataset <name>', 'of the batch'));

function requireOne(what: string | undefined, { batch, dataset }: OffendersOptions, command: Command): void {
  if ((what === undefined) === (batch === undefined)) command.error('error: name a run, the hash of an artifact, or --batch NAME --dataset NAME');
  if ((batch === undefined) !== (dataset === undefined)) command.error('error: --batch and --dataset are given together');
}
