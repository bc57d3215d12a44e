import type { ColumnLimits, DataGate } from '@refit/contracts';

/** What the pipeline file says of one column; undefined where it says nothing. */
export const columnLimits = (gate: DataGate, column: string): ColumnLimits | undefined => gate.columnLimits.find((limits) => limits.column === column);
