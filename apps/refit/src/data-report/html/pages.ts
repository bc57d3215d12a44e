import { basename } from 'node:path';
import { FindingSeverity, type Anomaly, type DataSchema } from '@refit/contracts';
import type { DataJudgement } from '@refit/data-validation';
import type { AnalysedFile } from '../analysed-file.js';
import type { JudgedFile } from '../judged-file.js';
import { verdictText } from '../judgement-text.js';
import { formatName } from '../in-words.js';
import { presenceText, valuesText } from '../schema-text.js';
import { columnCard } from './column-card.js';
import { driftSection } from './drift-table.js';
import { Html, html } from './html.js';
import { pageScript, pageStyle } from './page-style.js';
import { relationsSection } from './relations-section.js';

/** What is in a file, as one page. */
export const statisticsPage = (analysed: AnalysedFile, judgement: DataJudgement): string =>
  page(basename(analysed.file.path), html`${head(analysed)}${judgement.anomalies.length > 0 ? verdict(judgement) : undefined}${analysed.relations ? relationsSection(analysed.relations) : undefined}${columns({ analysed, judgement })}`);

/** What the gate says of a file, as one page. */
export function judgementPage(judged: JudgedFile): string {
  const { unjudged = [] } = judged;
  return page(basename(judged.analysed.file.path), html`${head(judged.analysed, judged.reference)}${verdict(judged.judgement)}${judged.judgement.drift.length + unjudged.length > 0 ? driftSection(judged.judgement.drift, unjudged) : undefined}${columns(judged)}`);
}

/** What later data would have to look like, as one page. */
export const schemaPage = (analysed: AnalysedFile, schema: DataSchema): string =>
  page(`Schema of ${basename(analysed.file.path)}`, html`${head(analysed)}<section><h2>Schema</h2><div class="scroll"><table><thead><tr><th>column</th><th>type</th><th>presence</th><th>values</th></tr></thead>
<tbody>${schema.columns.map((rule) => html`<tr><th scope="row">${rule.name}</th><td>${rule.type}</td><td>${presenceText(rule)}</td><td>${valuesText(rule)}</td></tr>`)}</tbody></table></div></section>`);

/** It asks nobody for anything, and runs nothing but its own script. */
const page = (title: string, body: Html): string => html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<title>${title}</title><style>${new Html(pageStyle)}</style></head>
<body><main>${body}<footer>Refit</footer></main><script>${new Html(pageScript)}</script></body></html>
`.text;

function head({ file, statistics }: AnalysedFile, reference?: AnalysedFile): Html {
  const count = (n: number) => n.toLocaleString('en-US');
  const facts = [
    [count(statistics.rows), 'rows'], [count(statistics.columns.length), 'columns'], [formatName[file.format], file.encoding === undefined || file.encoding === 'utf-8' ? 'format' : `read as ${file.encoding}`],
    [file.bytes < 1e6 ? `${Math.ceil(file.bytes / 1e3)} kB` : `${(file.bytes / 1e6).toFixed(1)} MB`, 'size'],
    ...(file.malformedRows > 0 ? [[count(file.malformedRows), `malformed ${file.malformedRows === 1 ? 'row, on line' : 'rows, on lines'} ${file.malformedLines.slice(0, 5).join(', ')}${file.malformedRows > 5 ? ', …' : ''}`]] : []),
    ...(reference ? [[count(reference.statistics.rows), `rows in the reference, ${basename(reference.file.path)}`]] : []),
  ];
  return html`<h1>${basename(file.path)}</h1><p class="path">${file.path}</p><ul class="facts">${facts.map(([value, name]) => html`<li><b>${value}</b><span>${name}</span></li>`)}</ul>`;
}

function verdict(judgement: DataJudgement): Html {
  const anomalies = judgement.anomalies.toSorted((a, b) => b.severity - a.severity);
  return html`<div class="verdict ${judgement.verdict}"><strong>${judgement.verdict === 'pass' ? '✓ The data gate says yes' : '✗ The data gate says no'}</strong><span>${verdictText(judgement)}</span></div>
<ul class="anomalies">${anomalies.map(anomalyItem)}</ul>`;
}

const anomalyItem = ({ severity, message, kind }: Anomaly): Html =>
  html`<li class="${severity === FindingSeverity.FAILURE ? 'failure' : severity === FindingSeverity.WARNING ? 'warning' : ''}"><span>${message}</span><code>${kind}</code></li>`;

function columns({ analysed, reference, judgement }: JudgedFile): Html {
  const severityOf = (column: string) => Math.max(0, ...judgement.anomalies.filter((anomaly) => anomaly.column === column).map(({ severity }) => severity)) as FindingSeverity; // the largest of them
  const context = { statistics: analysed.statistics, severityOf, ...(reference && { reference: reference.statistics }) };
  const legend = reference ? html`<div class="legend"><span><i></i>this file</span><span><i class="was"></i>reference</span></div>` : undefined;
  return html`<section><h2>Columns</h2><div class="tools"><input id="search" type="search" placeholder="Find a column" aria-label="Find a column"><select id="only" aria-label="Which columns"><option value="all">all columns</option><option value="found">with findings</option></select>${legend}</div>
<div class="grid">${analysed.statistics.columns.map((column) => columnCard(column, context))}</div></section>`;
}
