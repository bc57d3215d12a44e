import { create } from '@bufbuild/protobuf';
import { AcceptProposalsResponseSchema, ListProposalsResponseSchema, RejectProposalsResponseSchema, TakeReferenceResponseSchema, type ReopenedBatch } from '@refit/contracts';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import { printJson } from '../json.js';
import { nextPageHint, type NextPage, type PageOptions } from '../next-page.js';
import type { ServerOptions } from '../options.js';
import { readPages } from '../pages.js';
import { renderProposals, renderReference, renderReopened } from '../render/schemas.js';
import { sameServer } from '../same-server.js';
import type { Terminal } from '../terminal.js';
import { actor, withServer } from '../with-server.js';
import { run } from './run.js';

export interface ListProposalsOptions extends ServerOptions, PageOptions {
  readonly all?: boolean;
  readonly status?: string;
  readonly severity?: string;
  readonly column?: string;
  readonly kind?: string;
  readonly batch?: string;
  readonly run?: string;
}

/** `refit data schema list DATASET`: what waits for a decision, unless something else is asked for. */
export async function listProposals(terminal: Terminal, dataset: string, asked: ListProposalsOptions, next: NextPage): Promise<ExitCode> {
  const { all = false, status = all ? '' : 'undecided', severity = '', column = '', kind = '', batch = '', run: runId = '', limit, page, ...options } = asked;
  const filter = { dataset, status, severity, column, kind, batch, runId };
  const { items, nextPageToken } = await withServer(options, ({ validation }) => readPages(limit, (part) => validation.listProposals({ ...filter, ...part }), (part) => part.proposals, page));
  const filtered = [asked.status, severity, column, kind, batch, runId, page].some(Boolean);
  if (options.json) printJson(terminal, ListProposalsResponseSchema, create(ListProposalsResponseSchema, { proposals: [...items], nextPageToken }));
  else terminal.print(renderProposals(items, { style: terminal.style, now: terminal.now(), filtered }) + nextPageHint(nextPageToken, next, terminal.style));
  return exitCodes.done;
}

export interface DecisionOptions extends ServerOptions {
  readonly reason: string;
}

export interface AcceptOptions extends DecisionOptions {
  readonly run?: boolean;
  readonly wait?: boolean;
}

/** `refit data schema accept DATASET ID…` */
export async function acceptProposals(terminal: Terminal, dataset: string, ids: readonly string[], { reason, run: runs = false, wait = false, ...options }: AcceptOptions): Promise<ExitCode> {
  const answer = await withServer(options, ({ validation }) => validation.acceptProposals({ dataset, ids: [...ids], actor: actor(), reason }));
  const { style } = terminal;
  if (options.json) printJson(terminal, AcceptProposalsResponseSchema, answer);
  else {
    for (const { id, change } of answer.proposals) terminal.print(`${style.green('✓')} ${style.bold(id)} accepted: ${change}`);
    terminal.print(`  the schema of ${dataset} is at version ${answer.schemaVersion}`);
    renderReopened(answer.reopenedBatches, answer.heldBatches, { started: runs || wait, style, whom: sameServer(options) }).forEach((line) => terminal.print(line));
  }
  return runs || wait ? startRuns(terminal, answer.reopenedBatches, { ...options, reason, wait }) : exitCodes.done;
}

/** `refit data schema reject DATASET ID…`: the batch stays out until it is delivered again. */
export async function rejectProposals(terminal: Terminal, dataset: string, ids: readonly string[], { reason, ...options }: DecisionOptions): Promise<ExitCode> {
  const answer = await withServer(options, ({ validation }) => validation.rejectProposals({ dataset, ids: [...ids], actor: actor(), reason }));
  if (options.json) printJson(terminal, RejectProposalsResponseSchema, answer);
  else for (const { id } of answer.proposals) terminal.print(`${terminal.style.green('✓')} ${terminal.style.bold(id)} rejected: the schema stays as it is`);
  return exitCodes.done;
}

export interface ReferenceOptions extends AcceptOptions {
  readonly batch?: string;
  readonly of?: string;
  /** Accepted proposals that are not to outlive the old reference. */
  readonly drop?: readonly string[];
}

/** `refit data schema reference DATASET`: what is expected from now on is what this data is like. */
export async function takeReference(terminal: Terminal, dataset: string, { batch = '', of: runId = '', drop = [], reason, run: runs = false, wait = false, ...options }: ReferenceOptions): Promise<ExitCode> {
  const answer = await withServer(options, ({ validation }) => validation.takeReference({ dataset, batch, runId, actor: actor(), reason, drop: [...drop] }));
  const { style } = terminal;
  if (options.json) printJson(terminal, TakeReferenceResponseSchema, answer);
  else {
    terminal.print(renderReference(dataset, answer, style));
    renderReopened(answer.reopenedBatches, [], { started: runs || wait, style, whom: sameServer(options) }).forEach((line) => terminal.print(line));
  }
  return runs || wait ? startRuns(terminal, answer.reopenedBatches, { ...options, reason, wait }) : exitCodes.done;
}

/** One for each pipeline that has something to judge again; the first that does not end well says how this ends. */
async function startRuns(terminal: Terminal, reopened: readonly ReopenedBatch[], options: DecisionOptions & { readonly wait: boolean }): Promise<ExitCode> {
  const codes: ExitCode[] = [];
  for (const pipeline of new Set(reopened.map((batch) => batch.pipeline))) codes.push(await run(terminal, pipeline, options));
  return codes.find((code) => code !== exitCodes.done) ?? exitCodes.done;
}
