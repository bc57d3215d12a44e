import { create } from '@bufbuild/protobuf';
import { GetSchemaResponseSchema, ListSchemaVersionsResponseSchema, RefitError, type DataSchema, type GetSchemaResponse } from '@refit/contracts';
import { diffSchemas } from '@refit/data-validation';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import { printJson } from '../json.js';
import { nextPageHint, type NextPage, type PageOptions } from '../next-page.js';
import type { ServerOptions } from '../options.js';
import { readPages } from '../pages.js';
import { renderDifferences, renderSchema, renderSchemaVersions } from '../render/schemas.js';
import { sameServer } from '../same-server.js';
import type { Terminal } from '../terminal.js';
import { withServer } from '../with-server.js';

/** `refit data schema show DATASET [VERSION]` */
export async function showSchema(terminal: Terminal, dataset: string, version: number | undefined, options: ServerOptions): Promise<ExitCode> {
  const answer = await withServer(options, ({ validation }) => validation.getSchema({ dataset, version: version ?? 0 }));
  if (options.json) printJson(terminal, GetSchemaResponseSchema, answer);
  else terminal.print(renderSchema(dataset, answer, { style: terminal.style, now: terminal.now(), whom: sameServer(options) }));
  return exitCodes.done;
}

/** `refit data schema versions DATASET` */
export async function schemaVersions(terminal: Terminal, dataset: string, { limit, page, ...options }: ServerOptions & PageOptions, next: NextPage): Promise<ExitCode> {
  const { items, nextPageToken } = await withServer(options, ({ validation }) => readPages(limit, (part) => validation.listSchemaVersions({ dataset, ...part }), (part) => part.versions, page));
  if (options.json) printJson(terminal, ListSchemaVersionsResponseSchema, create(ListSchemaVersionsResponseSchema, { versions: [...items], nextPageToken }));
  else terminal.print(renderSchemaVersions(items, { style: terminal.style, now: terminal.now() }) + nextPageHint(nextPageToken, next, terminal.style));
  return exitCodes.done;
}

/** `refit data schema diff DATASET [FROM] [TO]`: without versions, the latest change. */
export async function diffSchema(terminal: Terminal, dataset: string, from: number | undefined, to: number | undefined, options: ServerOptions): Promise<ExitCode> {
  const [before, after] = await withServer(options, async ({ validation }) => {
    const later = await validation.getSchema({ dataset, version: to ?? 0 });
    const earlier = from ?? Math.max(versionOf(later) - 1, 1);
    return [await validation.getSchema({ dataset, version: earlier }), later] as const;
  });
  const differences = diffSchemas(schemaOf(before), schemaOf(after));
  if (options.json) terminal.print(JSON.stringify({ dataset, from: versionOf(before), to: versionOf(after), differences }));
  else terminal.print(`${terminal.style.bold(dataset)}  ${versionOf(before)} → ${versionOf(after)}\n${renderDifferences(differences, terminal.style)}`);
  return exitCodes.done;
}

const versionOf = ({ schema }: GetSchemaResponse) => schema?.version ?? 0;

function schemaOf({ schema }: GetSchemaResponse): DataSchema {
  if (schema?.schema) return schema.schema;
  throw new RefitError('INTERNAL', 'the server sent a version without its schema');
}
