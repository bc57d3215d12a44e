import { basename, resolve } from 'node:path';
import { AnnounceDataResponseSchema, DataFormat } from '@refit/contracts';
import { v7 as uuidv7 } from 'uuid';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import { printJson } from '../json.js';
import type { ServerOptions } from '../options.js';
import { verdictSentence } from '../render/reasons.js';
import type { Terminal } from '../terminal.js';
import { actor, withServer } from '../with-server.js';

export const formats = { csv: DataFormat.CSV, tsv: DataFormat.TSV, 'json-lines': DataFormat.JSON_LINES, parquet: DataFormat.PARQUET } as const;

export interface DataArriveOptions extends ServerOptions {
  readonly name?: string;
  readonly format?: keyof typeof formats;
  readonly id?: string;
  readonly source: string;
}

/** `refit data arrive DATASET URI`: every pipeline on the dataset gives its own verdict. */
export async function dataArrive(terminal: Terminal, dataset: string, uri: string, { name = '', format, id = uuidv7(), source, ...options }: DataArriveOptions): Promise<ExitCode> {
  const batch = { dataset, name, uri: absolute(uri), format: format === undefined ? DataFormat.UNSPECIFIED : formats[format] };
  const answer = await withServer(options, ({ admin }) => admin.announceData({ batch, source, id, actor: actor() }));
  if (options.json) {
    printJson(terminal, AnnounceDataResponseSchema, answer);
    return exitCodes.done;
  }
  const { style } = terminal;
  const called = answer.verdicts[0]?.judged?.reason?.batch?.name ?? basename(uri);
  terminal.print(`${style.green('✓')} batch ${style.bold(called)} of ${style.bold(dataset)} announced`);
  for (const { pipeline, judged } of answer.verdicts) terminal.print(`  ${style.bold(pipeline)}: ${verdictSentence(judged, style)}`);
  for (const warning of answer.warnings) terminal.print(`  ${style.yellow('!')} ${warning}`);
  if (answer.verdicts.length === 0) terminal.print(style.yellow('  No pipeline reads this dataset.'));
  return exitCodes.done;
}

/** A path of this folder, for a server that may run in another one. */
const absolute = (uri: string) => (/^[a-z][a-z0-9+.-]+:/i.test(uri) ? uri : resolve(uri));
