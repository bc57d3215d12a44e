import { canonicalJson, type ColumnRule, type DataSchema, type Tolerance } from '@refit/contracts';
import { describeTolerance } from './describe-change.js';
import { describeRule, type RuleProperty } from './describe-rule.js';

/** One thing that a schema says otherwise than another one. */
export interface SchemaDifference {
  /** Empty: of the data as a whole. */
  readonly column: string;
  readonly property: RuleProperty | 'column' | 'let pass';
  /** Absent: it said nothing of it. */
  readonly before?: string;
  readonly after?: string;
}

/** What changed from one schema to another, column by column in the order of the later one; columns that went come last. */
export function diffSchemas(before: DataSchema, after: DataSchema): readonly SchemaDifference[] {
  const known = new Map(before.columns.map((rule) => [rule.name, rule]));
  const kept = new Set(after.columns.map(({ name }) => name));
  return [
    ...after.columns.flatMap((rule) => diffRules(known.get(rule.name), rule)),
    ...before.columns.filter(({ name }) => !kept.has(name)).map(({ name, type }): SchemaDifference => ({ column: name, property: 'column', before: type })),
    ...diffTolerances(before.tolerated, after.tolerated),
  ];
}

function diffRules(before: ColumnRule | undefined, after: ColumnRule): readonly SchemaDifference[] {
  if (!before) return [{ column: after.name, property: 'column', after: after.type }];
  const [was, is] = [describeRule(before), describeRule(after)];
  return [...new Set([...was.keys(), ...is.keys()])].filter((property) => was.get(property) !== is.get(property)).map((property) => difference(after.name, property, was.get(property), is.get(property)));
}

function diffTolerances(before: readonly Tolerance[], after: readonly Tolerance[]): readonly SchemaDifference[] {
  const isIn = (list: readonly Tolerance[]) => (tolerance: Tolerance) => list.some((other) => canonicalJson(other) === canonicalJson(tolerance));
  return [
    ...before.filter((tolerance) => !isIn(after)(tolerance)).map((tolerance) => difference(tolerance.column, 'let pass', describeTolerance(tolerance), undefined)),
    ...after.filter((tolerance) => !isIn(before)(tolerance)).map((tolerance) => difference(tolerance.column, 'let pass', undefined, describeTolerance(tolerance))),
  ];
}

const difference = (column: string, property: SchemaDifference['property'], before: string | undefined, after: string | undefined): SchemaDifference =>
  ({ column, property, ...(before !== undefined && { before }), ...(after !== undefined && { after }) });
