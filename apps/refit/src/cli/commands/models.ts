import { create, toJson } from '@bufbuild/protobuf';
import { GetModelResponseSchema, ListModelsResponseSchema, ListVersionsResponseSchema } from '@refit/contracts';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import { printJson } from '../json.js';
import type { ServerOptions } from '../options.js';
import { readPages } from '../pages.js';
import { renderModel, renderModels } from '../render/models.js';
import type { Terminal } from '../terminal.js';
import { withServer } from '../with-server.js';
import { moreHint } from './more-hint.js';

export interface ModelsOptions extends ServerOptions {
  readonly limit: number;
}

/** `refit models [MODEL]` */
export async function models(terminal: Terminal, name: string | undefined, { limit, ...options }: ModelsOptions): Promise<ExitCode> {
  return name === undefined ? allModels(terminal, limit, options) : oneModel(terminal, name, limit, options);
}

async function allModels(terminal: Terminal, limit: number, options: ServerOptions): Promise<ExitCode> {
  const { items, more } = await withServer(options, ({ registry }) => readPages(limit, (page) => registry.listModels(page), (page) => page.models));
  if (options.json) printJson(terminal, ListModelsResponseSchema, create(ListModelsResponseSchema, { models: [...items] }));
  else terminal.print(renderModels(items, { style: terminal.style, now: terminal.now() }) + moreHint(more, limit, terminal.style));
  return exitCodes.done;
}

async function oneModel(terminal: Terminal, name: string, limit: number, options: ServerOptions): Promise<ExitCode> {
  const [answer, { items, more }] = await withServer(options, ({ registry }) =>
    Promise.all([registry.getModel({ name }), readPages(limit, (page) => registry.listVersions({ model: name, ...page }), (page) => page.versions)]),
  );
  if (options.json) {
    const all = { alwaysEmitImplicit: true };
    const listed = create(ListVersionsResponseSchema, { versions: [...items] });
    terminal.print(JSON.stringify({ ...(toJson(GetModelResponseSchema, answer, all) as object), ...(toJson(ListVersionsResponseSchema, listed, all) as object) })); // a message's JSON is an object
  } else {
    terminal.print(renderModel(answer, items, { style: terminal.style, now: terminal.now() }) + moreHint(more, limit, terminal.style));
  }
  return exitCodes.done;
}
