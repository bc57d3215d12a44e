import { create, toJson } from '@bufbuild/protobuf';
import { stringify } from 'yaml';
import { GetPipelineResponseSchema, ListPipelinesResponseSchema, PausePipelineResponseSchema, ResumePipelineResponseSchema } from '@refit/contracts';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import { printJson } from '../json.js';
import type { ServerOptions } from '../options.js';
import { readPages } from '../pages.js';
import { renderPipelines } from '../render/pipelines.js';
import type { Terminal } from '../terminal.js';
import { actor, withServer } from '../with-server.js';
import { moreHint } from './more-hint.js';

export interface PipelinesOptions extends ServerOptions {
  readonly limit: number;
}

/** `refit pipelines [PIPELINE]` */
export async function pipelines(terminal: Terminal, name: string | undefined, { limit, ...options }: PipelinesOptions): Promise<ExitCode> {
  return name === undefined ? allPipelines(terminal, limit, options) : onePipeline(terminal, name, options);
}

/** The whole of a pipeline as it runs, every default written out. */
async function onePipeline(terminal: Terminal, name: string, options: ServerOptions): Promise<ExitCode> {
  const answer = await withServer(options, ({ admin }) => admin.getPipeline({ name }));
  if (options.json) printJson(terminal, GetPipelineResponseSchema, answer);
  else terminal.print(stringify(toJson(GetPipelineResponseSchema, answer, { alwaysEmitImplicit: true }), { lineWidth: 0 }).trimEnd());
  return exitCodes.done;
}

async function allPipelines(terminal: Terminal, limit: number, options: ServerOptions): Promise<ExitCode> {
  const { items, more } = await withServer(options, ({ admin }) => readPages(limit, (page) => admin.listPipelines(page), (page) => page.pipelines));
  if (options.json) printJson(terminal, ListPipelinesResponseSchema, create(ListPipelinesResponseSchema, { pipelines: [...items] }));
  else terminal.print(renderPipelines(items, { style: terminal.style, now: terminal.now() }) + moreHint(more, limit, terminal.style));
  return exitCodes.done;
}

export interface PauseOptions extends ServerOptions {
  readonly reason?: string;
}

/** `refit pause PIPELINE`: it starts no runs until it is resumed. */
export async function pause(terminal: Terminal, name: string, { reason = '', ...options }: PauseOptions): Promise<ExitCode> {
  const answer = await withServer(options, ({ admin }) => admin.pausePipeline({ name, actor: actor(), reason }));
  if (options.json) printJson(terminal, PausePipelineResponseSchema, answer);
  else terminal.print(`${terminal.style.green('✓')} ${terminal.style.bold(name)} is paused; resume it with: refit resume ${name}`);
  return exitCodes.done;
}

/** `refit resume PIPELINE` */
export async function resume(terminal: Terminal, name: string, options: ServerOptions): Promise<ExitCode> {
  const answer = await withServer(options, ({ admin }) => admin.resumePipeline({ name, actor: actor() }));
  if (options.json) printJson(terminal, ResumePipelineResponseSchema, answer);
  else terminal.print(`${terminal.style.green('✓')} ${terminal.style.bold(name)} is active again`);
  return exitCodes.done;
}
