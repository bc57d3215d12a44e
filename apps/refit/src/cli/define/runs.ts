import { Option, type Command } from 'commander';
import type { CancelOptions } from '../commands/cancel.js';
import type { RetryOptions } from '../commands/retry.js';
import type { RunOptions } from '../commands/run.js';
import type { RunsOptions } from '../commands/runs.js';
import type { WatchOptions } from '../commands/watch.js';
import { withMoments } from '../moments.js';
import { nextPage, pageOption } from '../next-page.js';
import { limitOption, remote, type ServerOptions } from '../options.js';
import type { Outcome } from '../outcome.js';
import type { Terminal } from '../terminal.js';

const someRun = 'id of a run, or its beginning';

export function defineRunCommands(program: Command, terminal: Terminal, outcome: Outcome): void {
  program.commandsGroup('Runs:');
  remote(program.command('run'))
    .argument('<pipeline>')
    .description('ask for a run; --wait exits with 2 when a gate says no')
    .option('--wait', 'show its progress until it ends')
    .option('--reason <text>', 'why, for the log')
    .option('--request-id <id>', 'the same id again starts nothing')
    .action(outcome.of(async (pipeline: string, options: RunOptions) => (await import('../commands/run.js')).run(terminal, pipeline, options)));

  withMoments(remote(program.command('runs')), 'requested', terminal)
    .description('list runs, the newest first')
    .option('--pipeline <name>', 'only of this pipeline')
    .addOption(new Option('--status <status>', 'only these').choices(['open', 'completed', 'failed', 'cancelled']))
    .addOption(new Option('--outcome <outcome>', 'only these').choices(['registered', 'data-rejected', 'model-rejected']))
    .addOption(limitOption(20))
    .addOption(pageOption())
    .action(outcome.of(async (options: RunsOptions, command: Command) => (await import('../commands/runs.js')).runs(terminal, options, nextPage(command))));

  remote(program.command('show'))
    .argument('<run>', someRun)
    .description('show a run: why it started, its steps, what the gates said')
    .action(outcome.of(async (run: string, options: ServerOptions) => (await import('../commands/show.js')).show(terminal, run, options)));

  remote(program.command('watch'))
    .argument('[run]', `${someRun}; all runs without it`)
    .description('follow a run until it ends, or all runs')
    .option('--pipeline <name>', 'only runs of this pipeline')
    .action(outcome.of(async (run: string | undefined, options: WatchOptions) => (await import('../commands/watch.js')).watch(terminal, run, options)));

  remote(program.command('cancel'))
    .argument('<run>', someRun)
    .description('stop an open run')
    .option('--reason <text>', 'why, for the log')
    .action(outcome.of(async (run: string, options: CancelOptions) => (await import('../commands/cancel.js')).cancel(terminal, run, options)));

  remote(program.command('retry'))
    .argument('<run>', someRun)
    .description('let a failed run go on from the step that failed')
    .option('--wait', 'show its progress until it ends')
    .option('--reason <text>', 'why, for the log')
    .action(outcome.of(async (run: string, options: RetryOptions) => (await import('../commands/retry.js')).retry(terminal, run, options)));

  remote(program.command('replay'))
    .argument('<run>', someRun)
    .description("fold a run's events afresh and compare with its live state")
    .action(outcome.of(async (run: string, options: ServerOptions) => (await import('../commands/replay.js')).replay(terminal, run, options)));
}
