import { ColumnRuleSchema, DataSchemaSchema, event, ToleranceSchema, type ColumnRule, type DataSchema, type SchemaChange, type Tolerance } from '@refit/contracts';
import { isNumeric } from '../judged-columns.js';
import { fitIntoEvent } from './schema-size.js';

/**
 * The schema with a change applied. A change is a patch of one property, and what it makes room for stays in: two changes
 * of one column do not undo each other, in whatever order they come. A change of a column that there is no rule of leaves
 * the schema as it is.
 */
export function applyChange(schema: DataSchema, { column, change }: SchemaChange): DataSchema {
  switch (change.case) {
    case 'addColumn':
      return schema.columns.some(({ name }) => name === column) ? schema : withColumns(schema, [...schema.columns, event(ColumnRuleSchema, { ...change.value, name: column })]);
    case 'removeColumn':
      return withColumns(schema, schema.columns.filter(({ name }) => name !== column));
    case 'tolerate':
      return event(DataSchemaSchema, { ...schema, tolerated: tolerate(schema.tolerated, { ...change.value, column }) });
    case undefined:
      return schema;
    default:
      return withColumns(schema, schema.columns.map((rule) => (rule.name === column ? patched(rule, change) : rule)));
  }
}

const withColumns = (schema: DataSchema, columns: readonly ColumnRule[]): DataSchema => event(DataSchemaSchema, { ...schema, columns: fitIntoEvent(columns) });

type Patch = Exclude<SchemaChange['change'], { case: 'addColumn' | 'removeColumn' | 'tolerate' | undefined }>;

const patched = (rule: ColumnRule, patch: Patch): ColumnRule =>
  patch.case === 'type' ? retyped(rule, patch.value) : event(ColumnRuleSchema, { ...rule, ...patchOf(rule, patch) });

function patchOf(rule: ColumnRule, patch: Exclude<Patch, { case: 'type' }>): Partial<ColumnRule> {
  switch (patch.case) {
    case 'makeOptional':
      return { required: false };
    case 'minimumNullRate':
      return { minimumNullRate: Math.min(patch.value, rule.minimumNullRate ?? patch.value) };
    case 'maximumNullRate':
      return { maximumNullRate: Math.max(patch.value, rule.maximumNullRate ?? patch.value) };
    case 'minimum':
      return { acceptedMinimum: Math.min(patch.value, rule.acceptedMinimum ?? patch.value) };
    case 'maximum':
      return { acceptedMaximum: Math.max(patch.value, rule.acceptedMaximum ?? patch.value) };
    case 'addValues':
      // A column without a list of values may have any already.
      return rule.domain.length === 0 ? {} : { domain: [...new Set([...rule.domain, ...patch.value.values])].sort() };
    case 'anyValue':
      return { domain: [] };
    case 'unique':
      return { unique: patch.value };
    case 'environments':
      return { environments: [...patch.value.names] };
  }
}

/** What is said of values goes with a type that other values have. */
function retyped(rule: ColumnRule, type: string): ColumnRule {
  if (rule.type === type || (isNumeric(rule.type) && isNumeric(type))) return event(ColumnRuleSchema, { ...rule, type });
  const { name, required, nullRate, unique, environments, minimumNullRate, maximumNullRate } = rule;
  return event(ColumnRuleSchema, {
    name, type, required, nullRate, unique, environments, ...(minimumNullRate !== undefined && { minimumNullRate }), ...(maximumNullRate !== undefined && { maximumNullRate }),
  });
}

/** One of each kind and column, with the wider bounds; without one there is no bound at all. */
function tolerate(tolerated: readonly Tolerance[], added: Tolerance): Tolerance[] {
  const isSame = ({ column, kind }: Tolerance) => column === added.column && kind === added.kind;
  const before = tolerated.find(isSame) ?? added;
  const upTo = wider(Math.max, before.upTo, added.upTo);
  const downTo = wider(Math.min, before.downTo, added.downTo);
  const { column, kind } = added;
  const { actor, reason, sinceVersion } = before;
  const widened = event(ToleranceSchema, { column, kind, actor, reason, sinceVersion, ...(upTo !== undefined && { upTo }), ...(downTo !== undefined && { downTo }) });
  return tolerated.some(isSame) ? tolerated.map((tolerance) => (isSame(tolerance) ? widened : tolerance)) : [...tolerated, widened];
}

const wider = (of: (a: number, b: number) => number, a: number | undefined, b: number | undefined) => (a === undefined || b === undefined ? undefined : of(a, b));
