import { InvalidArgumentError, Option, type Command } from 'commander';
import type { InferSchemaOptions } from '../commands/data-schema.js';
import type { AcceptOptions, DecisionOptions, ListProposalsOptions, ReferenceOptions } from '../commands/proposals.js';
import { nextPage, pageOption, type PageOptions } from '../next-page.js';
import { collect, limitOption, remote, type ServerOptions } from '../options.js';
import type { Outcome } from '../outcome.js';
import type { Terminal } from '../terminal.js';
import { withFileOptions } from './file-options.js';

/** What data should be like: by a file alone, or as a running Refit has it. */
export function defineSchemaCommands(data: Command, terminal: Terminal, outcome: Outcome): void {
  const schema = data.command('schema').description('show what data should be like; decide on what the data gate found');
  withFileOptions(schema.command('infer', { isDefault: true }))
    .argument('<file>')
    .description('show what later data would have to look like')
    .option('--with-reference', 'with --json: also the statistics that drift is judged by')
    .action(outcome.of(async (file: string, options: InferSchemaOptions) => (await import('../commands/data-schema.js')).dataSchema(terminal, file, options)));
  defineViews(schema, terminal, outcome);
  defineDecisions(schema, terminal, outcome);
}

function defineViews(schema: Command, terminal: Terminal, outcome: Outcome): void {
  const commands = () => import('../commands/schemas.js');
  remote(schema.command('show'))
    .argument('<dataset>')
    .argument('[version]', 'default: the latest', version)
    .description('show the schema of a dataset')
    .action(outcome.of(async (dataset: string, number: number | undefined, options: ServerOptions) => (await commands()).showSchema(terminal, dataset, number, options)));
  remote(schema.command('versions'))
    .argument('<dataset>')
    .description('list its versions: who changed it, and why')
    .addOption(limitOption(20))
    .addOption(pageOption())
    .action(outcome.of(async (dataset: string, options: ServerOptions & PageOptions, command: Command) => (await commands()).schemaVersions(terminal, dataset, options, nextPage(command))));
  remote(schema.command('diff'))
    .argument('<dataset>')
    .argument('[from]', 'a version (default: the one before)', version)
    .argument('[to]', 'default: the latest', version)
    .description('show what changed between two versions')
    .action(outcome.of(async (dataset: string, from: number | undefined, to: number | undefined, options: ServerOptions) => (await commands()).diffSchema(terminal, dataset, from, to, options)));
  remote(schema.command('list'))
    .argument('<dataset>')
    .description('list what the gate found and nobody has decided on, and what is to be mended instead')
    .addOption(new Option('--all', 'also what was decided').conflicts('status'))
    .addOption(new Option('--status <status>', 'only these').choices(['open', 'finding', 'accepted', 'rejected', 'dropped', 'covered', 'superseded']))
    .addOption(new Option('--severity <severity>', 'only these').choices(['failure', 'warning']))
    .option('--column <name>', 'only of this column')
    .option('--kind <kind>', 'only of this kind, such as SCHEMA_NEW_COLUMN')
    .option('--batch <name>', 'only in this batch')
    .option('--run <run>', 'only of this run, by its whole id')
    .addOption(limitOption(50))
    .addOption(pageOption())
    .action(outcome.of(async (dataset: string, options: ListProposalsOptions, command: Command) => (await import('../commands/proposals.js')).listProposals(terminal, dataset, options, nextPage(command))));
}

function defineDecisions(schema: Command, terminal: Terminal, outcome: Outcome): void {
  const commands = () => import('../commands/proposals.js');
  const someIds = 'of proposals: refit data schema list DATASET';
  withRun(remote(schema.command('accept')))
    .argument('<dataset>')
    .argument('<id...>', someIds)
    .description('let what the gate found pass from now on')
    .addOption(reasonOption())
    .action(outcome.of(async (dataset: string, ids: readonly string[], options: AcceptOptions) => (await commands()).acceptProposals(terminal, dataset, ids, options)));
  remote(schema.command('reject'))
    .argument('<dataset>')
    .argument('<id...>', someIds)
    .description('say that the gate is right')
    .addOption(reasonOption())
    .action(outcome.of(async (dataset: string, ids: readonly string[], options: DecisionOptions) => (await commands()).rejectProposals(terminal, dataset, ids, options)));
  withRun(remote(schema.command('reference')))
    .argument('<dataset>')
    .description('this is expected: take data as the new reference (default: the batch that came last)')
    .option('--batch <name>', 'take the newest version of this batch; name@2 takes that one')
    .addOption(new Option('--of <run>', 'take the window of this run, by its whole id').conflicts('batch'))
    .addOption(new Option('--drop <id>', 'take back what was accepted, instead of keeping it; again for more, "all" for all').argParser(collect))
    .addOption(reasonOption())
    .action(outcome.of(async (dataset: string, options: ReferenceOptions) => (await commands()).takeReference(terminal, dataset, options)));
}

const reasonOption = () => new Option('--reason <text>', 'why, for the log').makeOptionMandatory();

const withRun = (command: Command): Command =>
  command.option('--run', 'start the runs that judge refused batches again').option('--wait', 'start them, and show their progress; exits with 2 when a gate says no');

function version(text: string): number {
  const number = Number(/^v?(\d{1,9})$/i.exec(text)?.[1] ?? 0);
  if (number > 0) return number;
  throw new InvalidArgumentError('Expected a version, such as 3.');
}
