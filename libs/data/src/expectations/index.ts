export { checkExpressions } from './check-expressions.js';
export { collectOffenders, type OffendersOptions } from './collect-offenders.js';
export type { RowsSource } from '../snapshot-columns.js';
export { measureExpectations, type MeasureOptions } from './measure-expectations.js';
export { measureOverlap, type Overlap, type OverlapTask } from './measure-overlap.js';
export { openAccess, snapshotAccess, type RowsAccess } from './rows-access.js';
