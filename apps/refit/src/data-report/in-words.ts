import { DataFormat } from '@refit/contracts';
import type { ColumnStatistics } from '@refit/data-validation';

export const formatName: Readonly<Record<DataFormat, string>> = {
  [DataFormat.UNSPECIFIED]: 'unknown', [DataFormat.CSV]: 'CSV', [DataFormat.TSV]: 'TSV', [DataFormat.JSON_LINES]: 'JSON Lines', [DataFormat.PARQUET]: 'Parquet',
};

/** `0.33 %`, `33.4 %`, `100 %`. */
export function percentText(share: number): string {
  const percent = share * 100;
  if (percent === 0 || percent >= 99.95) return `${Math.round(percent)} %`;
  return `${percent < 1 ? percent.toPrecision(2) : percent.toFixed(1)} %`;
}

/** With four digits, and thousands that are told apart. */
export function numberText(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e15) return value.toLocaleString('en-US');
  const size = Math.abs(value);
  if (size >= 1e7 || size < 1e-3) return value.toExponential(2).replace('e+', 'e');
  return value.toLocaleString('en-US', { maximumSignificantDigits: size >= 1000 ? 6 : 4 });
}

/** A time in milliseconds since 1970; without the time of day where that is midnight. */
export function timeText(ms: number): string {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? 'beyond all dates' : date.toISOString().replace('T', ' ').replace(/(:\d\d)\.\d+Z$/u, '$1').replace(/ 00:00:00$/u, '');
}

export const distinctText = ({ distinct, distinctError }: ColumnStatistics): string =>
  distinctError === undefined ? distinct.toLocaleString('en-US') : `≈ ${Number(distinct.toPrecision(3)).toLocaleString('en-US')}`;

/** `ATL 6.1 %, ORD 5.9 %, DFW 4 % and 52 more`. */
export function categoriesText({ top = [], distinct, missing }: ColumnStatistics, rows: number, shown: number): string {
  const listed = top.slice(0, shown).map(({ value, count }) => `${shortened(value)} ${percentText(count / Math.max(rows - missing, 1))}`);
  const rest = distinct - listed.length;
  return `${listed.join(', ')}${rest > 0 ? ` and ${numberText(Number(rest.toPrecision(3)))} more` : ''}`;
}

const longest = 24;

/** Without what a terminal would obey. */
export const shortened = (value: string): string => {
  const shown = value.replace(/\p{Cc}/gu, ' ');
  return shown.length > longest ? `${shown.slice(0, longest - 1)}…` : shown === '' ? '""' : shown;
};
