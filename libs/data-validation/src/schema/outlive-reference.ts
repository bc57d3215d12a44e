import { DataSchemaSchema, didYouMean, event, RefitError, type ColumnRule, type DataSchema, type SchemaChange } from '@refit/contracts';
import { isNumeric } from '../judged-columns.js';
import { applyChange } from './apply-change.js';
import { isInForce } from './proposal-status.js';
import type { KnownSchema } from './schema-state.js';

export interface DroppedDecision {
  /** Of the accepted proposal. */
  readonly id: string;
  readonly change: SchemaChange;
  readonly because: string;
}

export interface OutlivingDecisions {
  /** What the new reference shows, and on top of it what people have accepted. */
  readonly schema: DataSchema;
  readonly kept: number;
  readonly dropped: readonly DroppedDecision[];
}

/** All that people have accepted, instead of ids. */
export const everyDecision = 'all';

/**
 * What people have accepted outlives a reference: a new one replaces only what was inferred from data and learned from it.
 * Dropped, each with its reason, is what the new reference contradicts, what was let pass beside the old reference (a
 * distance from it is none from the new one), and what the person who takes the reference asks for.
 *
 * @param drop ids of accepted proposals, or `everyDecision`
 * @throws RefitError PROPOSAL_NOT_FOUND for an id to drop that the schema does not owe anything
 */
export function outliveReference({ proposals, schema: before }: KnownSchema, inferred: DataSchema, drop: readonly string[] = []): OutlivingDecisions {
  const decisions = [...proposals].flatMap(([id, { decision, proposal }]) => {
    const change = proposal.anomaly?.change;
    return decision?.accepted && change && isInForce(before, change) ? [{ id, change }] : [];
  });
  requireDecisions(drop, decisions.map(({ id }) => id));
  const dropped = decisions.flatMap(({ id, change }): DroppedDecision[] => {
    const because = drop.includes(id) || drop.includes(everyDecision) ? 'as asked for' : contradiction(inferred, change);
    return because === undefined ? [] : [{ id, change, because }];
  });
  const kept = decisions.filter(({ id }) => !dropped.some((one) => one.id === id)).map(({ change }) => change);
  const { columns } = kept.filter(({ change }) => change.case !== 'tolerate').reduce((schema, change) => applyChange(schema, change), inferred);
  // As they stand, with who let it pass: patches do not know that.
  const tolerated = before.tolerated.filter(({ column, kind }) => kept.some((one) => one.column === column && one.change.case === 'tolerate' && one.change.value.kind === kind));
  return { schema: event(DataSchemaSchema, { columns, tolerated }), kept: kept.length, dropped };
}

function requireDecisions(drop: readonly string[], known: readonly string[]): void {
  const unknown = drop.find((id) => id !== everyDecision && !known.includes(id));
  if (unknown !== undefined) throw new RefitError('PROPOSAL_NOT_FOUND', `${unknown.slice(0, 70)} is no accepted proposal that the schema owes anything, so it cannot be dropped.${didYouMean(unknown, known)}`);
}

/** Why a change cannot be said of the new reference; undefined where it can. */
function contradiction({ columns }: DataSchema, { column, change }: SchemaChange): string | undefined {
  if (change.case === 'tolerate') return isBesideReference(change.value.kind) ? 'it was a distance from the old reference' : undefined;
  const rule = columns.find(({ name }) => name === column);
  if (change.case === 'removeColumn') return rule && `the new reference has a column ${column}`;
  if (!rule) return `the new reference has no column ${column}`;
  return isOfType(rule, change) ? undefined : `${column} is of type ${rule.type} in the new reference`;
}

/** Whole numbers are fine where others are expected. */
function isOfType({ type }: ColumnRule, change: SchemaChange['change']): boolean {
  switch (change.case) {
    case 'type':
      return type === change.value || (type === 'integer' && change.value === 'float');
    case 'minimum':
    case 'maximum':
      return isNumeric(type);
    case 'addValues':
    case 'anyValue':
      return type === 'string';
    default:
      return true;
  }
}

const besideReference = ['UNIT_CHANGED', 'CONSTANT_BECAME_VARIABLE', 'VARIABLE_BECAME_CONSTANT', 'COLUMNS_MISSING_TOGETHER'];

/** Found by comparing with the reference. */
const isBesideReference = (kind: string) => kind.startsWith('COMPARATOR_') || besideReference.includes(kind);
