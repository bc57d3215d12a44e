import { inferSchema } from '@refit/data-validation';
import { analyseFile } from '../../data-report/analysed-file.js';
import { schemaPage } from '../../data-report/html/pages.js';
import { judgeAlone } from '../../data-report/judged-file.js';
import { judgementText } from '../../data-report/judgement-text.js';
import { schemaJson } from '../../data-report/schema-file.js';
import { schemaText } from '../../data-report/schema-text.js';
import { fileText } from '../../data-report/statistics-text.js';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import type { Terminal } from '../terminal.js';
import { gateOf, working, writePage, type DataFileOptions } from './data-files.js';

export interface InferSchemaOptions extends DataFileOptions {
  /** In JSON also the statistics that later files are compared with. */
  readonly withReference?: boolean;
}

/** `refit data schema FILE`: what later data would have to look like, were this the first. A file that cannot be the first has none. */
export async function dataSchema(terminal: Terminal, path: string, options: InferSchemaOptions): Promise<ExitCode> {
  const { json = false, html, withReference = false } = options;
  const gate = await gateOf(options);
  const analysed = await working(terminal, options, (how) => analyseFile(path, how));
  const judgement = judgeAlone(analysed, gate);
  if (judgement.verdict === 'fail') {
    terminal.printError(judgementText(judgement, terminal.style));
    return exitCodes.rejected;
  }
  const schema = inferSchema(analysed.statistics);
  if (html !== undefined) await writePage(terminal, html, schemaPage(analysed, schema), options);
  terminal.print(json ? JSON.stringify(schemaJson({ schema, ...(withReference && { reference: analysed.statistics }) }), undefined, withReference ? undefined : 2) : [fileText(analysed, terminal.style), schemaText(schema, terminal.style)].join('\n\n'));
  return exitCodes.done;
}
