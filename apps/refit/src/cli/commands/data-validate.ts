import type { Environment } from '@refit/data-validation';
import { judgementPage } from '../../data-report/html/pages.js';
import { expectationsText } from '../../data-report/expectations-text.js';
import { judgeAgainstReference, judgeAgainstSchema, judgeByHand, onlyDrift, type JudgedFile } from '../../data-report/judged-file.js';
import { judgementText, unjudgedText } from '../../data-report/judgement-text.js';
import { fileJson, judgementJson } from '../../data-report/report-json.js';
import { readSchemaFile } from '../../data-report/schema-file.js';
import { fileText } from '../../data-report/statistics-text.js';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import type { Terminal } from '../terminal.js';
import { expectationsOf } from './expectations-file.js';
import { gateOf, learningOf, working, writePage, type DataFileOptions } from './data-files.js';

/** One of reference, schema and expectations is given. */
export interface DataValidateOptions extends DataFileOptions {
  readonly reference?: string;
  readonly schema?: string;
  readonly environment?: Environment;
  readonly expectations?: string;
  /** Whether a classifier is asked to tell the file from the reference. */
  readonly classifier?: boolean;
  /** What counts as now; without it the time that it is. */
  readonly now?: Date;
}

/** `refit data validate FILE`: what the data gate would say of it. */
export async function dataValidate(terminal: Terminal, path: string, options: DataValidateOptions): Promise<ExitCode> {
  const { reference, schema, environment = 'training', classifier = true } = options;
  const learning = await learningOf(options);
  const how = { gate: await gateOf(options), environment, classifier, ...(learning && { learning }) };
  const expected = schema === undefined ? undefined : await readSchemaFile(schema);
  const byHand = await expectationsOf(options, how.gate, terminal.now());
  return tell(terminal, options, await working(terminal, options, (reading) => {
    const asked = { ...reading, ...(byHand && { expected: byHand }) };
    if (expected) return judgeAgainstSchema(path, expected, how, asked);
    return reference === undefined ? judgeByHand(path, how, asked) : judgeAgainstReference(path, reference, how, asked);
  }));
}

export interface DataDriftOptions extends DataFileOptions {
  readonly environment?: Environment;
  readonly classifier?: boolean;
}

/** `refit data drift REFERENCE FILE`: which distributions have moved. */
export async function dataDrift(terminal: Terminal, reference: string, path: string, options: DataDriftOptions): Promise<ExitCode> {
  const { environment = 'training', classifier = true } = options;
  const gate = await gateOf(options);
  const judged = await working(terminal, options, (how) => judgeAgainstReference(path, reference, { gate, environment, classifier }, how));
  return tell(terminal, options, { ...judged, judgement: onlyDrift(judged.judgement) });
}

async function tell(terminal: Terminal, options: DataFileOptions, { analysed, reference, judgement, unjudged = [] }: JudgedFile): Promise<ExitCode> {
  if (options.html !== undefined) await writePage(terminal, options.html, judgementPage({ analysed, judgement, unjudged, ...(reference && { reference }) }), options);
  if (options.json) terminal.print(JSON.stringify({ ...judgementJson(judgement), driftNotJudged: unjudged, ...fileJson(analysed), ...(reference && { reference: fileJson(reference) }) }));
  else terminal.print([fileText(analysed, terminal.style), ...(reference ? [`${terminal.style.dim('against')} ${fileText(reference, terminal.style)}`] : []), [judgementText(judgement, terminal.style), ...unjudgedText(unjudged, terminal.style)].join('\n'), ...expectationsText(analysed.expectations, terminal.style)].join('\n\n'));
  return judgement.verdict === 'pass' ? exitCodes.done : exitCodes.rejected;
}
