import { semanticType } from '../semantic-type.js';
import { topValues, type ColumnStatistics, type DatasetStatistics, type Range, type TextStatistics } from '../statistics.js';
import { noForms } from '../text-forms.js';
import { mergeDistinct } from './merge-distinct.js';
import { mergeMissingTogether } from './merge-missing-together.js';
import { mergeNumbers } from './merge-numbers.js';
import { mergedCounts } from './merge-top.js';
import type { ColumnSummary, PartitionStatistics } from './partition-summary.js';

/** As `StatisticsOptions` of statistics that are computed from rows. */
export interface MergeOptions {
  readonly reference?: DatasetStatistics;
  /** The hash of the reference, by which partitions say what they were counted for. */
  readonly against?: string;
  readonly ranges?: ReadonlyMap<string, Range>;
}

export interface MergedStatistics extends DatasetStatistics {
  /** By column: by how many of its numbers, as a share, a count up to some value can be off; and by how many rows that of a text. */
  readonly errors: Readonly<Record<string, { readonly ranks?: number; readonly top?: number }>>;
}

/**
 * The statistics of several partitions together, from their statistics alone; undefined where these cannot be merged, as
 * columns or their types differ, or a summary is missing.
 *
 * - exact: rows, missing, not finite and NaN values, extremes, zeros, lengths and forms of text, and counts over edges, and of values,
 *   that all partitions have counted
 * - moments: exact but for rounding
 * - counts over other edges, quantiles and histograms of the merged data: within `errors[column].ranks` of the rows
 * - distinct values: within `distinctError`, exact without one
 * - top values: at least so many rows, and at most `errors[column].top` more
 */
export function mergeStatistics(parts: readonly PartitionStatistics[], options: MergeOptions = {}): MergedStatistics | undefined {
  const [first] = parts;
  if (!first || parts.some((part) => !alike(part, first))) return undefined;
  const rows = parts.reduce((total, part) => total + part.rows, 0);
  const columns: ColumnStatistics[] = [];
  const errors: Record<string, MergedColumn['error']> = {};
  for (const [i, { name }] of first.columns.entries()) {
    const merged = mergeColumn(parts.flatMap((part) => columnPart(part, i)), name, options);
    if (!merged) return undefined;
    columns.push({ ...merged.column, semantic: semanticType(merged.column, rows) });
    errors[name] = merged.error;
  }
  return { rows, columns, ...mergeMissingTogether(parts), errors };
}

const alike = (a: DatasetStatistics, b: DatasetStatistics) =>
  a.columns.length === b.columns.length && a.columns.every(({ name, type }, i) => name === b.columns[i]?.name && type === b.columns[i]?.type);

interface ColumnPart {
  readonly rows: number;
  readonly against: string | undefined;
  readonly column: ColumnStatistics;
  readonly summary: ColumnSummary;
}

/** A partition without rows has no say. */
function columnPart({ rows, against, columns, summaries }: PartitionStatistics, i: number): ColumnPart[] {
  const column = columns[i];
  return column && rows > 0 ? [{ rows, against, column, summary: summaries?.[column.name] ?? {} }] : [];
}

interface MergedColumn {
  readonly column: ColumnStatistics;
  readonly error: { readonly ranks?: number; readonly top?: number };
}

function mergeColumn(parts: readonly ColumnPart[], name: string, options: MergeOptions): MergedColumn | undefined {
  const type = parts[0]?.column.type;
  const of = (count: (column: ColumnStatistics) => number) => parts.reduce((total, { column }) => total + count(column), 0);
  const distinct = mergeDistinct(parts.map(({ summary }) => summary.distinct), { least: Math.max(...parts.map(({ column }) => column.distinct), 0), most: of((column) => column.distinct) });
  if (type === undefined || !distinct) return undefined;
  const counts = { name, type, missing: of((column) => column.missing), nonFinite: of((column) => column.nonFinite) };
  const isText = type === 'string' || type === 'boolean';
  const values = isText ? mergeTexts(parts, name, options) : mergeNumeric(parts, name, options);
  return values && { column: { ...counts, ...(isText ? {} : { nan: of((column) => column.nan ?? 0) }), ...distinct, ...values.column }, error: values.error };
}

interface MergedValues {
  readonly column: Pick<ColumnStatistics, 'numeric' | 'top' | 'ofReferenceTop' | 'text'>;
  readonly error: MergedColumn['error'];
}

const before = ({ reference }: MergeOptions, name: string) => reference?.columns.find((column) => column.name === name);

/** Undefined where numbers are there without bins. */
function mergeNumeric(parts: readonly ColumnPart[], name: string, options: MergeOptions): MergedValues | undefined {
  const numbers = parts.filter(({ column }) => column.numeric);
  const known = numbers.flatMap(({ column: { numeric }, summary: { bins } }) => (numeric && bins ? [{ numeric, bins }] : []));
  if (known.length < numbers.length) return undefined;
  if (known.length === 0) return { column: {}, error: {} };
  const reference = before(options, name)?.numeric;
  const { numeric, ranksWithin } = mergeNumbers(known, { edges: reference?.histogram.edges, comparisonEdges: reference?.comparison?.edges, range: options.ranges?.get(name) });
  return { column: { numeric }, error: { ranks: ranksWithin } };
}

function mergeTexts(parts: readonly ColumnPart[], name: string, options: MergeOptions): MergedValues {
  const asked = before(options, name)?.top;
  const isCounted = ({ against }: ColumnPart) => against !== undefined && against === options.against;
  const { values, asked: ofReferenceTop, error } = mergedCounts(parts.map((part) => ({ column: part.column, top: part.summary.top, isCounted: isCounted(part) })), asked ?? []);
  const text = textOf(parts);
  return { column: { top: values.slice(0, topValues), ...(asked && { ofReferenceTop }), ...(text && { text }) }, error: { top: error } };
}

function textOf(parts: readonly ColumnPart[]): TextStatistics | undefined {
  const texts = parts.flatMap(({ rows, column }) => (column.text ? [{ text: column.text, present: rows - column.missing }] : []));
  if (texts.length === 0) return undefined;
  const present = texts.reduce((total, part) => total + part.present, 0);
  const forms = texts.flatMap(({ text }) => text.forms ?? []);
  const keys = Object.keys(noForms) as (keyof typeof noForms)[]; // it is an object of these
  return {
    minimumLength: Math.min(...texts.map(({ text }) => text.minimumLength)),
    maximumLength: Math.max(...texts.map(({ text }) => text.maximumLength)),
    meanLength: texts.reduce((mean, part) => mean + part.text.meanLength * (part.present / present), 0),
    replaced: texts.reduce((total, { text }) => total + text.replaced, 0),
    ...(forms.length > 0 && { forms: keys.reduce((total, key) => ({ ...total, [key]: forms.reduce((sum, form) => sum + form[key], 0) }), noForms) }),
  };
}
