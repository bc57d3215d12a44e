import { Option, type Command } from 'commander';
import type { DataDriftOptions } from '../commands/data-validate.js';
import type { ListDriftOptions } from '../commands/drift.js';
import { withMoments } from '../moments.js';
import { nextPage, pageOption } from '../next-page.js';
import { limitOption, remote } from '../options.js';
import type { Outcome } from '../outcome.js';
import type { Terminal } from '../terminal.js';
import { classifierOption, withFileOptions } from './file-options.js';

/** How far data has moved: from one file to another, or as a running Refit has measured it. */
export function defineDriftCommands(data: Command, terminal: Terminal, outcome: Outcome): void {
  const drift = data.command('drift').description('say which distributions have moved; list what the data gate has measured');
  withFileOptions(drift.command('compare', { isDefault: true }))
    .argument('<reference>', 'data as it was; what a model has learnt from')
    .argument('<file>', 'data as it is now; what predictions are asked for')
    .description('say which distributions have moved from one file to another')
    .addOption(new Option('--environment <name>', 'what the second file is for: columns that only training has are not asked for in serving').choices(['training', 'serving']).default('training'))
    .addOption(classifierOption())
    .action(outcome.of(async (reference: string, file: string, options: DataDriftOptions) => (await import('../commands/data-validate.js')).dataDrift(terminal, reference, file, options)));
  withMoments(remote(drift.command('list')), 'measured', terminal)
    .argument('[dataset]')
    .description('list every measurement of drift, passing or not, of the newest run first')
    .option('--run <run>', 'of this run instead; the beginning of its id is enough')
    .option('--column <name>', 'only of this column')
    .option('--batch <name>', 'only of this batch')
    .option('--pipeline <name>', 'only of runs of this pipeline')
    .addOption(new Option('--verdict <verdict>', 'only these').choices(['steady', 'moved', 'too-few-rows', 'unknown']))
    .addOption(new Option('--measure <measure>', 'only of single columns, or of all together').choices(['psi', 'domain-classifier']))
    .addOption(limitOption(50))
    .addOption(pageOption())
    .action(outcome.of(async (dataset: string | undefined, options: ListDriftOptions, command: Command) => {
      if ((dataset === undefined) === (options.run === undefined)) command.error('error: name a dataset, or a run: refit data drift list DATASET, refit data drift list --run RUN');
      return (await import('../commands/drift.js')).listDrift(terminal, dataset, options, nextPage(command));
    }));
}
