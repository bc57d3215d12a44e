import { event, SchemaChangedSchema, SchemaChangeSchema, type DataGate, type DataSchema, type SchemaChange, type SchemaEvent } from '@refit/contracts';
import { allowedRanges } from '../checks/check-ranges.js';
import { isRunningNumber } from '../checks/looks-like-identifier.js';
import { isNumeric } from '../judged-columns.js';
import type { DatasetStatistics } from '../statistics.js';
import { applyChange } from './apply-change.js';
import { isKnown, type SchemaState } from './schema-state.js';

/**
 * What an accepted batch adds to the ranges that were seen: its smallest and largest numbers, where they lie outside of
 * what was seen so far and within the margin that the gate allows. What lies farther out is no value to learn from, even
 * where so few rows have it that the batch was accepted.
 */
export function learnRanges(schema: DataSchema, gate: DataGate, { columns }: DatasetStatistics): readonly SchemaChange[] {
  const allowed = allowedRanges(schema, gate);
  return schema.columns.flatMap((rule) => {
    const range = allowed.get(rule.name);
    const column = columns.find(({ name }) => name === rule.name);
    if (!range || !column?.numeric || !isNumeric(column.type) || isRunningNumber(column) || gate.ignoredColumns.includes(rule.name)) return [];
    const { minimum, maximum } = column.numeric;
    const lowest = Math.min(rule.minimum ?? Infinity, rule.acceptedMinimum ?? Infinity);
    const highest = Math.max(rule.maximum ?? -Infinity, rule.acceptedMaximum ?? -Infinity);
    return [
      ...(minimum < lowest && minimum >= range.minimum ? [event(SchemaChangeSchema, { column: rule.name, change: { case: 'minimum', value: minimum } })] : []),
      ...(maximum > highest && maximum <= range.maximum ? [event(SchemaChangeSchema, { column: rule.name, change: { case: 'maximum', value: maximum } })] : []),
    ];
  });
}

export interface LearnRanges {
  readonly changes: readonly SchemaChange[];
  readonly runId: string;
  readonly pipeline: string;
  readonly batches: readonly string[];
}

/** Once for each run. */
export function decideLearning(state: SchemaState, { changes, runId, pipeline, batches }: LearnRanges): readonly SchemaEvent[] {
  if (!isKnown(state) || changes.length === 0 || state.learnedFrom.has(runId)) return [];
  return [event(SchemaChangedSchema, {
    version: state.version + 1, schema: changes.reduce(applyChange, state.schema), runId, actor: `pipeline ${pipeline}`,
    reason: `values of accepted ${batches.length === 1 ? 'batch' : 'batches'} ${batches.slice(0, 5).join(', ')}${batches.length > 5 ? ` and ${batches.length - 5} more` : ''}`,
  })];
}
