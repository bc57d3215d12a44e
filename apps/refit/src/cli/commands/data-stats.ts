import type { LabelChoice } from '@refit/data';
import { analyseFile } from '../../data-report/analysed-file.js';
import { statisticsPage } from '../../data-report/html/pages.js';
import { judgeAlone } from '../../data-report/judged-file.js';
import { judgementText } from '../../data-report/judgement-text.js';
import { relationsText } from '../../data-report/relations-text.js';
import { fileJson, judgementJson } from '../../data-report/report-json.js';
import { slicesText, statisticsText } from '../../data-report/statistics-text.js';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import type { Terminal } from '../terminal.js';
import { gateOf, working, writePage, type DataFileOptions } from './data-files.js';

export interface DataStatsOptions extends DataFileOptions {
  /** Without a value: every value by itself. */
  readonly slice?: { readonly column: string; readonly value?: string | null };
  readonly weight?: string;
  readonly label?: LabelChoice;
}

/** `refit data stats FILE`: what is in a data file. */
export async function dataStats(terminal: Terminal, path: string, options: DataStatsOptions): Promise<ExitCode> {
  const { json = false, html, slice, weight, label } = options;
  const gate = await gateOf(options);
  // Of a slice, or by weight, nothing is said but what each column holds.
  const relating = slice || weight !== undefined ? {} : { relate: label ? { label } : {} };
  const analysed = await working(terminal, options, (how) => analyseFile(path, { ...how, ...sliceOption(slice), ...(weight !== undefined && { weight }), ...relating }));
  const judgement = judgeAlone(analysed, gate);
  if (html !== undefined) await writePage(terminal, html, statisticsPage(analysed, judgement), options);
  if (json) terminal.print(JSON.stringify({ ...fileJson(analysed), ...judgementJson(judgement) }));
  else {
    terminal.print(statisticsText(analysed, terminal.style));
    if (analysed.sliced) terminal.print(`\n${slicesText(analysed.sliced, terminal.style)}`);
    if (analysed.relations) terminal.print(`\n${relationsText(analysed.relations, terminal.style)}`);
    if (judgement.anomalies.length > 0) terminal.print(`\n${judgementText(judgement, terminal.style)}`);
  }
  return judgement.verdict === 'pass' ? exitCodes.done : exitCodes.rejected;
}

function sliceOption(slice: DataStatsOptions['slice']) {
  if (!slice) return {};
  const { column, value } = slice;
  return value === undefined ? { sliceBy: column } : { slice: { column, value } };
}
