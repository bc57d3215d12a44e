import { readFile, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { DataFormat, defaultDataGate, parsePipelineFile, RefitError, type DataGate, type Label, type PipelineSpec } from '@refit/contracts';
import type { AnalyseOptions } from '../../data-report/analysed-file.js';
import { WaitingLine } from '../waiting-line.js';
import type { Terminal } from '../terminal.js';

/** Options of every command that looks at data files. */
export interface DataFileOptions {
  readonly format?: keyof typeof formats;
  readonly encoding?: string;
  readonly maxMalformed?: number;
  readonly pipeline?: string;
  readonly json?: boolean;
  readonly html?: string;
}

const formats = { csv: DataFormat.CSV, tsv: DataFormat.TSV, 'json-lines': DataFormat.JSON_LINES, parquet: DataFormat.PARQUET };

/** Does the work of a command with a line that tells how it goes on; Ctrl+C ends it. */
export async function working<T>(terminal: Terminal, { format, encoding }: DataFileOptions, work: (options: AnalyseOptions) => Promise<T>): Promise<T> {
  const line = new WaitingLine(terminal);
  const interrupted = new AbortController();
  const forget = terminal.onInterrupt(() => interrupted.abort(new RefitError('REQUEST_INVALID', 'interrupted')));
  try {
    return await work({
      signal: interrupted.signal, onProgress: (doing, done) => line.say(doing, done), ...(format && { format: formats[format] }), ...(encoding !== undefined && { encoding }),
    });
  } finally {
    forget();
    line.stop();
  }
}

/** The limits of the pipeline file that is named, else those of one that says nothing. @throws RefitError PIPELINE_FILE_INVALID, REQUEST_INVALID */
export async function gateOf({ pipeline, maxMalformed }: DataFileOptions): Promise<DataGate> {
  const gate = pipeline === undefined ? defaultDataGate() : await gateIn(pipeline);
  return maxMalformed === undefined ? gate : { ...gate, maximumMalformedRowRate: maxMalformed };
}

async function gateIn(pipeline: string): Promise<DataGate> {
  const { dataGate = defaultDataGate(), label } = await specIn(pipeline);
  // Data for predictions has no label.
  return label ? { ...dataGate, trainingOnlyColumns: [...dataGate.trainingOnlyColumns, label.column] } : dataGate;
}

/** What the pipeline file that is named would learn; undefined where none is. @throws RefitError PIPELINE_FILE_INVALID, REQUEST_INVALID */
export async function learningOf({ pipeline }: DataFileOptions): Promise<{ readonly label: Label; readonly excluded: readonly string[] } | undefined> {
  const { label, features } = pipeline === undefined ? {} : await specIn(pipeline);
  return label && { label, excluded: features?.excluded ?? [] };
}

async function specIn(pipeline: string): Promise<PipelineSpec> {
  const text = await readFile(pipeline, 'utf8').catch((cause: unknown) => {
    throw new RefitError('REQUEST_INVALID', `cannot read the pipeline file ${resolve(pipeline)}: check its path and its permissions`, { cause });
  });
  return parsePipelineFile(text, { fileName: pipeline, baseDirectory: dirname(resolve(pipeline)) }).spec;
}

/** @throws RefitError REQUEST_INVALID where it cannot be written */
export async function writePage(terminal: Terminal, file: string, page: string, { json = false }: DataFileOptions): Promise<void> {
  await writeFile(file, page).catch((cause: unknown) => {
    throw new RefitError('REQUEST_INVALID', `cannot write ${resolve(file)}: check its folder and its permissions`, { cause });
  });
  if (!json) terminal.print(`${terminal.style.green('✓')} ${resolve(file)}`);
}
