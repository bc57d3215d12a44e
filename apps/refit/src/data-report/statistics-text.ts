import { DataFormat } from '@refit/contracts';
import type { SlicedStatistics } from '@refit/data';
import type { ColumnStatistics, DatasetStatistics, NumericStatistics } from '@refit/data-validation';
import { facts, table } from '../cli/render/table.js';
import { countOf } from '../cli/render/words.js';
import type { Style } from '../cli/terminal.js';
import type { AnalysedFile } from './analysed-file.js';
import { barRange, columnBars } from './column-bars.js';
import { categoriesText, distinctText, formatName, numberText, percentText, timeText } from './in-words.js';
import { unicodeBars } from './unicode-bars.js';

const barWidth = 24;

/** Everything about a file on a terminal: how it is written, and a line for each column. */
export const statisticsText = ({ file, statistics }: AnalysedFile, style: Style): string => [fileText({ file, statistics }, style), columnsText(statistics, style)].join('\n\n');

/** The same lines for each value of a column. */
export function slicesText({ column, slices, others }: SlicedStatistics, style: Style): string {
  const parts = slices.map(({ value, statistics }) =>
    `${style.bold(`${column} ${value === null ? 'missing' : `= ${value}`}`)}  ${countOf(statistics.rows, 'row')}\n\n${columnsText(statistics, style)}`);
  return [...parts, ...(others > 0 ? [style.dim(`and ${others.toLocaleString('en-US')} more values of ${column}, with fewer rows: --slice ${column}=VALUE`)] : [])].join('\n\n');
}

function columnsText({ rows, columns }: DatasetStatistics, style: Style): string {
  const lines = columns.map((column) => [style.bold(column.name), column.semantic ?? column.type, missingText(column, rows, style), distinctText(column), style.cyan(barsOf(column)), aboutValues(column, rows)]);
  const titles = [{ title: 'column' }, { title: 'meaning' }, { title: 'missing', align: 'right' as const }, { title: 'distinct', align: 'right' as const }, { title: 'distribution' }, { title: 'values' }];
  return table(titles, lines, style);
}

export function fileText({ file, statistics }: AnalysedFile, style: Style): string {
  const { path, format, bytes, encoding, dialect, malformedRows, malformedLines } = file;
  return [style.bold(path), facts([
    ['rows', `${statistics.rows.toLocaleString('en-US')} in ${countOf(statistics.columns.length, 'column')}`],
    ['format', [formatName[format], sizeText(bytes), encoding !== undefined && encoding !== 'utf-8' ? `read as ${encoding}` : '', format === DataFormat.CSV && dialect ? dialectText(dialect) : ''].filter((part) => part !== '').join(', ')],
    ['malformed', malformedRows === 0 ? undefined : style.yellow(`${countOf(malformedRows, 'row')} left out, on ${malformedRows === 1 ? 'line' : 'lines'} ${malformedLines.join(', ')}${malformedRows > malformedLines.length ? ', …' : ''}`)],
  ], style)].join('\n');
}

function dialectText({ delimiter, quote, comment, skippedLines, hasHeader }: NonNullable<AnalysedFile['file']['dialect']>): string {
  const names: Readonly<Record<string, string>> = { ',': 'commas', ';': 'semicolons', '\t': 'tabs', '|': 'bars', ' ': 'blanks' };
  return [
    names[delimiter] ?? `"${delimiter}"`, quote === '"' ? '' : `quoted by ${quote}`, comment === '' ? '' : `comments after ${comment}`,
    skippedLines === 0 ? '' : `${countOf(skippedLines, 'line')} before the header`, hasHeader ? '' : 'no header',
  ].filter((part) => part !== '').join(', ');
}

const sizeText = (bytes: number) => (bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`);

function missingText({ missing, nonFinite }: ColumnStatistics, rows: number, style: Style): string {
  if (missing + nonFinite === 0) return style.dim('–');
  const text = percentText(missing / Math.max(rows, 1));
  return nonFinite === 0 ? text : `${text} +${percentText(nonFinite / Math.max(rows, 1))} NaN`;
}

function barsOf(column: ColumnStatistics): string {
  const range = barRange(column, barWidth);
  const bars = range && columnBars(column, range);
  if (bars) return unicodeBars(bars.shares);
  return unicodeBars((column.top ?? []).slice(0, barWidth).map(({ count }) => count));
}

function aboutValues(column: ColumnStatistics, rows: number): string {
  const { numeric, type } = column;
  if (!numeric) return categoriesText(column, rows, 3);
  const show = type === 'timestamp' ? timeText : numberText;
  return `${show(numeric.minimum)} … ${show(numeric.quantiles[2] ?? Number.NaN)} … ${show(numeric.maximum)}${type === 'timestamp' ? '' : moments(numeric)}`;
}

const moments = ({ mean, standardDeviation }: NumericStatistics) => `  mean ${numberText(mean)} ± ${numberText(standardDeviation)}`;
