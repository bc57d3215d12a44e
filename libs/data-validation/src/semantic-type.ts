import type { ColumnStatistics, SemanticType } from './statistics.js';

/** Fewer rows tell nothing about whether each has a value of its own. */
const rowsForIdentifier = 50;
/** A value needs this many rows on average to be one of several categories. */
const rowsPerCategory = 10;
const mostCodes = 20;
const mostCategories = 1000;
/** Words are longer than codes. */
const longIdentifier = 64;

const truths = new Set(['true', 'false', 'yes', 'no', 'y', 'n', 't', 'f', '0', '1']);

/**
 * What a column's values mean, as far as they tell:
 * - empty: no value
 * - constant: one value
 * - boolean: truth values, 0 and 1, yes and no
 * - identifier: whole numbers or text without long values, each row another one
 * - categorical: text, or at most 20 whole numbers, of which each has ten rows on average
 */
export function semanticType(column: ColumnStatistics, rows: number): SemanticType {
  const { type, distinct, missing } = column;
  const present = rows - missing;
  if (distinct === 0) return 'empty';
  if (distinct === 1) return 'constant';
  if (type === 'boolean' || isTruth(column)) return 'boolean';
  if (type === 'timestamp' || type === 'float') return type;
  if (isIdentifier(column, present)) return 'identifier';
  const categories = distinct * rowsPerCategory <= present && distinct <= (type === 'integer' ? mostCodes : mostCategories);
  if (categories) return 'categorical';
  return type === 'integer' ? 'integer' : 'text';
}

function isTruth({ type, distinct, top = [], numeric }: ColumnStatistics): boolean {
  if (distinct !== 2) return false;
  if (type === 'integer') return numeric?.minimum === 0 && numeric.maximum === 1;
  return type === 'string' && top.every(({ value }) => truths.has(value.trim().toLowerCase()));
}

function isIdentifier({ distinct, distinctError = 0, text }: ColumnStatistics, present: number): boolean {
  const each = distinct >= present * (1 - 3 * distinctError);
  return each && present >= rowsForIdentifier && (text === undefined || text.maximumLength <= longIdentifier);
}
