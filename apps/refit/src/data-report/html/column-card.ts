import { FindingSeverity } from '@refit/contracts';
import type { ColumnStatistics, DatasetStatistics } from '@refit/data-validation';
import { barRange, columnBars } from '../column-bars.js';
import { distinctText, numberText, percentText, shortened, timeText } from '../in-words.js';
import { histogramSvg } from './histogram-svg.js';
import { html, type Html } from './html.js';

export interface CardContext {
  readonly statistics: DatasetStatistics;
  readonly reference?: DatasetStatistics;
  /** The worst that was found about a column. */
  readonly severityOf: (column: string) => FindingSeverity;
}

const shownBars = 48;
const shownCategories = 8;

const severityClass = (severity: FindingSeverity) => (severity === FindingSeverity.FAILURE ? 'failure' : severity === FindingSeverity.WARNING ? 'warning' : '');

/** Everything about one column, with a chart. */
export function columnCard(column: ColumnStatistics, { statistics, reference, severityOf }: CardContext): Html {
  const before = reference?.columns.find(({ name }) => name === column.name);
  const severity = severityOf(column.name);
  const missing = (column.missing + column.nonFinite) / Math.max(statistics.rows, 1);
  return html`<article class="card ${severityClass(severity)}" data-name="${column.name.toLowerCase()}" data-severity="${severity}">
<header><h3 title="${column.name}">${column.name}</h3><span class="badge">${column.semantic ?? column.type}</span></header>
${chart(column, before, statistics.rows, reference?.rows ?? 0)}
<div class="missing" title="${percentText(missing)} without a value"><span style="width:${(missing * 100).toFixed(2)}%"></span></div>
<dl>${facts(column, statistics.rows).map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
</article>`;
}

function chart(column: ColumnStatistics, before: ColumnStatistics | undefined, rows: number, rowsBefore: number): Html {
  // Times only ever go on: there is no use in comparing them.
  const compared = column.type === 'timestamp' ? undefined : before;
  const range = barRange(compared?.numeric ? compared : column, shownBars);
  const bars = range && columnBars(column, range);
  if (!range || !bars) return categories(column, before, rows, rowsBefore);
  const show = column.type === 'timestamp' ? timeText : numberText;
  const whole = column.type === 'integer' && !Number.isInteger(range.from) ? 0.5 : 0; // such bars end between whole numbers
  const between = (from: number, until: number) => (until - from === whole * 2 ? show(from + whole) : `${show(from + whole)} – ${show(until - whole)}`);
  const outside = [bars.below > 0.0015 ? `${percentText(bars.below)} below` : '', bars.above > 0.0015 ? `${percentText(bars.above)} above` : ''].filter((text) => text !== '').join(', ');
  return html`<figure>${histogramSvg(bars, compared && columnBars(compared, range), between)}<figcaption><span>${show(range.from + whole)}</span><span>${outside}</span><span>${show(range.until - whole)}</span></figcaption></figure>`;
}

function categories(column: ColumnStatistics, before: ColumnStatistics | undefined, rows: number, rowsBefore: number): Html {
  const present = Math.max(rows - column.missing, 1);
  const shares = (column.top ?? []).slice(0, shownCategories).map(({ value, count }) => ({ value, share: count / present, was: before && shareIn(before, value, rowsBefore) }));
  const highest = Math.max(...shares.flatMap(({ share, was = 0 }) => [share, was]), 1e-12);
  const width = (share: number) => `${((share / highest) * 100).toFixed(1)}%`;
  return html`<ol class="categories">${shares.map(({ value, share, was }) => html`<li title="${value}${was === undefined ? '' : `: reference ${percentText(was)}`}"><span class="fill" style="width:${width(share)}"></span>${was === undefined ? undefined : html`<span class="was" style="left:${width(was)}"></span>`}<span class="name">${shortened(value)}</span><span class="share">${percentText(share)}</span></li>`)}</ol>`;
}

const shareIn = ({ top = [], missing }: ColumnStatistics, value: string, rows: number) => (top.find((candidate) => candidate.value === value)?.count ?? 0) / Math.max(rows - missing, 1);

function facts(column: ColumnStatistics, rows: number): readonly (readonly [string, string])[] {
  const { numeric, text, type } = column;
  const counted = [['missing', column.missing === 0 ? '–' : percentText(column.missing / Math.max(rows, 1))], ['distinct', distinctText(column)]] as const;
  const damaged = text && text.replaced > 0 ? ([['damaged text', numberText(text.replaced)]] as const) : [];
  if (!numeric) return [...counted, ...(text ? [['length', text.minimumLength === text.maximumLength ? `${text.minimumLength}` : `${text.minimumLength} – ${text.maximumLength}`] as const] : []), ...damaged];
  const show = type === 'timestamp' ? timeText : numberText;
  const [, low, median, high] = numeric.quantiles;
  if (type === 'timestamp') return [...counted, ['first', show(numeric.minimum)], ['median', show(Math.round(median ?? Number.NaN))], ['last', show(numeric.maximum)]];
  const spread = [['minimum', show(numeric.minimum)], ['quartiles', [low, median, high].map((q) => show(q ?? Number.NaN)).join(' · ')], ['maximum', show(numeric.maximum)]] as const;
  const notFinite = column.nonFinite > 0 ? ([['NaN, infinite', numberText(column.nonFinite)]] as const) : [];
  return [...counted, ...notFinite, ['mean', `${numberText(numeric.mean)} ± ${numberText(numeric.standardDeviation)}`], ...spread, ['zeros', numeric.zeros === 0 ? '–' : percentText(numeric.zeros / Math.max(rows, 1))], ['skewness', (numeric.skewness ?? 0).toFixed(2)]];
}
