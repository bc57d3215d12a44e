import { create, toJson } from '@bufbuild/protobuf';
import { GetModelResponseSchema, ListModelsResponseSchema, ListVersionsResponseSchema } from '@refit/contracts';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import { printJson } from '../json.js';
import { nextPageHint, type NextPage, type PageOptions } from '../next-page.js';
import type { ServerOptions } from '../options.js';
import { readPages } from '../pages.js';
import { renderModel, renderModels } from '../render/models.js';
import type { Terminal } from '../terminal.js';
import { withServer } from '../with-server.js';

export interface ModelsOptions extends ServerOptions, PageOptions {
  /** A pattern of names of models. */
  readonly name?: string;
  readonly pipeline?: string;
  readonly alias?: string;
  readonly status?: string;
}

/** `refit models` */
export async function models(terminal: Terminal, { name = '', pipeline = '', alias = '', status = '', limit, page, ...options }: ModelsOptions, next: NextPage): Promise<ExitCode> {
  const asked = { namePattern: name, pipeline, alias, status };
  const { items, nextPageToken } = await withServer(options, ({ registry }) => readPages(limit, (part) => registry.listModels({ ...asked, ...part }), (part) => part.models, page));
  const filtered = [name, pipeline, alias, status, page].some(Boolean);
  if (options.json) printJson(terminal, ListModelsResponseSchema, create(ListModelsResponseSchema, { models: [...items], nextPageToken }));
  else terminal.print(renderModels(items, { style: terminal.style, now: terminal.now(), filtered }) + nextPageHint(nextPageToken, next, terminal.style));
  return exitCodes.done;
}

/** `refit models MODEL`: its versions and the history of its aliases. */
export async function oneModel(terminal: Terminal, model: string, { pipeline = '', alias = '', status = '', limit, page, ...options }: ModelsOptions, next: NextPage): Promise<ExitCode> {
  const asked = { model, pipeline, alias, status };
  const [answer, { items, nextPageToken }] = await withServer(options, ({ registry }) =>
    Promise.all([registry.getModel({ name: model }), readPages(limit, (part) => registry.listVersions({ ...asked, ...part }), (part) => part.versions, page)]),
  );
  if (options.json) {
    const all = { alwaysEmitImplicit: true };
    const listed = create(ListVersionsResponseSchema, { versions: [...items], nextPageToken });
    terminal.print(JSON.stringify({ ...(toJson(GetModelResponseSchema, answer, all) as object), ...(toJson(ListVersionsResponseSchema, listed, all) as object) })); // a message's JSON is an object
  } else {
    terminal.print(renderModel(answer, items, { style: terminal.style, now: terminal.now() }) + nextPageHint(nextPageToken, next, terminal.style));
  }
  return exitCodes.done;
}
