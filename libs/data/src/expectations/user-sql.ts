import { didYouMean, insteadOfColumn } from '@refit/contracts';
import type { DuckDb } from '../duckdb.js';
import { literal } from '../sql.js';
import { allowedFunctions } from './allowed-functions.js';

/** Why an expression that a person wrote cannot be used; undefined where it can. */
export type Refusal = string | undefined;

const longest = 2000;

/**
 * Whether a text is one SQL expression of the columns of a row and constants, with the functions of `allowedFunctions`: no
 * second statement, no query inside, nothing that looks at other rows, at files, at settings or at the clock. DuckDB's own
 * parser says what it is, and runs nothing.
 *
 * @param columns of the rows; without them any name may be one
 */
export async function refusalOf(db: DuckDb, expression: string, columns?: readonly string[]): Promise<Refusal> {
  if (expression.length > longest) return `the SQL has ${expression.length} characters, at most ${longest} are taken`;
  // Without the parentheses what closes and opens them inside is no expression; with them, what goes on after it is none.
  for (const query of [`SELECT\n${expression}\n`, `SELECT (\n${expression}\n)`]) {
    const parsed = await parse(db, query);
    const trouble = typeof parsed === 'string' ? parsed : troubleIn(parsed, columns);
    if (trouble !== undefined) return trouble;
  }
  return undefined;
}

/** The expression as a part of other SQL. */
export const parenthesized = (expression: string): string => `(\n${expression}\n)`;

/** What a query without a table has to look like: one list of one expression, and nothing else. */
interface Parsed {
  readonly error: boolean;
  readonly error_message?: string;
  readonly statements?: readonly { readonly node: Readonly<Record<string, unknown>> }[];
}

async function parse(db: DuckDb, query: string): Promise<Parsed | string> {
  try {
    const [row] = await db.rows(`SELECT json_serialize_sql(${literal(query)}) AS parsed`);
    const parsed = JSON.parse(String(row?.['parsed'])) as Parsed; // as DuckDB describes it; every part that is read is looked at first
    return parsed.error ? `the SQL is no expression: ${firstLine(parsed.error_message ?? '')}` : parsed;
  } catch (error) {
    return `the SQL cannot be read: ${firstLine(String(error instanceof Error ? error.message : error))}`;
  }
}

const single = 'the SQL must be a single expression that is true for good rows';

function troubleIn({ statements = [] }: Parsed, columns: readonly string[] | undefined): Refusal {
  const [statement] = statements;
  if (!statement || statements.length > 1) return single;
  const { node } = statement;
  const { select_list: selected, from_table: from, modifiers, cte_map: ctes } = node;
  if (!Array.isArray(selected) || selected.length !== 1 || node['type'] !== 'SELECT_NODE') return single;
  const isEmpty = (part: unknown) => part === null || part === undefined || (Array.isArray(part) && part.length === 0);
  const rest = ['where_clause', 'group_expressions', 'group_sets', 'having', 'sample', 'qualify'].map((part) => node[part]);
  const isBare = isObject(from) && from['type'] === 'EMPTY' && isEmpty(modifiers) && isObject(ctes) && isEmpty(ctes['map']) && rest.every(isEmpty);
  const [expression] = selected as readonly unknown[]; // it is an array
  if (!isBare || !isObject(expression) || expression['alias'] !== '') return single;
  return troubleOf(expression, columns);
}

const expressions = new Set(['COLUMN_REF', 'CONSTANT', 'COMPARISON', 'CONJUNCTION', 'OPERATOR', 'FUNCTION', 'CASE', 'CAST', 'BETWEEN', 'COLLATE']);

/** Looks at every part of an expression, however deep. */
function troubleOf(expression: unknown, columns: readonly string[] | undefined): Refusal {
  const waiting: unknown[] = [expression];
  while (waiting.length > 0) {
    const part = waiting.pop();
    if (Array.isArray(part)) waiting.push(...(part as readonly unknown[])); // it is an array
    if (!isObject(part)) continue;
    const { class: kind } = part;
    const trouble = typeof kind === 'string' ? troubleOfPart(kind, part, columns) : undefined;
    if (trouble !== undefined) return trouble;
    waiting.push(...Object.values(part));
  }
  return undefined;
}

function troubleOfPart(kind: string, { function_name: name, column_names: names }: Readonly<Record<string, unknown>>, columns: readonly string[] | undefined): Refusal {
  if (kind === 'SUBQUERY') return 'the SQL has a query inside; an expression looks at one row alone';
  if (kind === 'WINDOW') return 'the SQL looks at other rows (OVER); an expression looks at one row alone';
  if (!expressions.has(kind)) return `the SQL has a part (${kind.toLowerCase()}) that an expression of columns and constants does not have`;
  if (kind === 'FUNCTION' && !allowedFunctions.has(String(name))) return `the SQL uses ${String(name)}, which expectations do not know.${didYouMean(String(name), allowedFunctions)}`;
  // Names such as current_date and user are read as columns at first, and mean the clock and the settings where there are no such columns.
  const column = kind === 'COLUMN_REF' && Array.isArray(names) ? names.map(String).join('.') : undefined;
  const isKnown = column === undefined || columns === undefined || columns.some((known) => known.toLowerCase() === column.toLowerCase());
  return isKnown ? undefined : noColumn(column, columns);
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Whether an expression can be asked of these rows: its columns are there, and it is true or false. Nothing is read. */
export async function misfitOf(db: DuckDb, expression: string, relation: string, columns: readonly string[]): Promise<Refusal> {
  try {
    const [described] = await db.rows(`DESCRIBE SELECT ${parenthesized(expression)} AS value FROM ${relation}`);
    const type = String(described?.['column_type']);
    return type === 'BOOLEAN' ? undefined : `the SQL gives ${type}; expected true or false`;
  } catch (error) {
    return sqlTrouble(error, columns);
  }
}

/** What DuckDB finds wrong, without the SQL around it that nobody wrote. */
export function sqlTrouble(error: unknown, columns: readonly string[]): string {
  const message = error instanceof Error ? error.message : String(error);
  const missing = /Referenced column "(.+?)" (?:not found|was not found)/u.exec(message)?.[1];
  return missing === undefined ? `the SQL fails: ${firstLine(message)}` : noColumn(missing, columns);
}

/**
 * What goes wrong on a row. DuckDB quotes the value, which may be personal data and is nobody's business in an event: only
 * what comes before it is told.
 */
export function rowTrouble(error: unknown): string {
  const [kind = ''] = firstLine(error instanceof Error ? error.message : String(error)).split(/['"(\d-]/u, 1);
  return `the SQL fails on a row: ${kind.trim()}`;
}

export const noColumn = (name: string, columns: readonly string[]): string => `the data has no column "${name}" (${insteadOfColumn(name, columns)})`;

const firstLine = (message: string) => (message.split('\n', 1)[0] ?? '').slice(0, 300);
