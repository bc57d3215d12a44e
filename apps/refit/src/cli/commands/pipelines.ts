import { create, toJson } from '@bufbuild/protobuf';
import { GetPipelineResponseSchema, ListPipelinesResponseSchema, PausePipelineResponseSchema, ReasonJudgedSchema, ResumePipelineResponseSchema } from '@refit/contracts';
import { v7 as uuidv7 } from 'uuid';
import { stringify } from 'yaml';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import { printJson } from '../json.js';
import { nextPageHint, type NextPage, type PageOptions } from '../next-page.js';
import type { ServerOptions } from '../options.js';
import { readPages } from '../pages.js';
import { renderPipelines } from '../render/pipelines.js';
import { renderResumed } from '../render/resumed.js';
import type { Terminal } from '../terminal.js';
import { actor, withServer } from '../with-server.js';

export interface PipelinesOptions extends ServerOptions, PageOptions {
  /** A pattern of names. */
  readonly name?: string;
  readonly paused?: boolean;
  readonly active?: boolean;
}

/** `refit pipelines` */
export async function pipelines(terminal: Terminal, { name = '', paused, active, limit, page, ...options }: PipelinesOptions, next: NextPage): Promise<ExitCode> {
  const asked = { namePattern: name, ...((paused || active) && { paused: paused === true }) };
  const { items, nextPageToken } = await withServer(options, ({ admin }) => readPages(limit, (part) => admin.listPipelines({ ...asked, ...part }), (part) => part.pipelines, page));
  const filtered = [name, paused, active, page].some(Boolean);
  if (options.json) printJson(terminal, ListPipelinesResponseSchema, create(ListPipelinesResponseSchema, { pipelines: [...items], nextPageToken }));
  else terminal.print(renderPipelines(items, { style: terminal.style, now: terminal.now(), filtered }) + nextPageHint(nextPageToken, next, terminal.style));
  return exitCodes.done;
}

/** `refit pipelines PIPELINE`: the whole of it as it runs, every default written out. */
export async function onePipeline(terminal: Terminal, name: string, options: ServerOptions): Promise<ExitCode> {
  const answer = await withServer(options, ({ admin }) => admin.getPipeline({ name }));
  if (options.json) printJson(terminal, GetPipelineResponseSchema, answer);
  else terminal.print(stringify(toJson(GetPipelineResponseSchema, answer, { alwaysEmitImplicit: true }), { lineWidth: 0 }).trimEnd());
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

export interface ResumeOptions extends ServerOptions {
  /** Start a run with what was skipped meanwhile. */
  readonly start?: boolean;
}

/** `refit resume PIPELINE` */
export async function resume(terminal: Terminal, name: string, { start = false, ...options }: ResumeOptions): Promise<ExitCode> {
  return withServer(options, async ({ admin }) => {
    const answer = await admin.resumePipeline({ name, actor: actor() });
    const wantsRun = start && answer.skippedReasons > 0;
    const { judged } = wantsRun ? await admin.startRun({ pipeline: name, actor: actor(), reason: 'resumed', requestId: uuidv7() }) : {};
    if (options.json) {
      const json = toJson(ResumePipelineResponseSchema, answer, { alwaysEmitImplicit: true }) as object; // a message's JSON is an object
      terminal.print(JSON.stringify({ ...json, ...(judged && { judged: toJson(ReasonJudgedSchema, judged, { alwaysEmitImplicit: true }) }) }));
    } else {
      terminal.print(renderResumed(name, answer, { style: terminal.style, start, judged }));
    }
    return exitCodes.done;
  });
}
