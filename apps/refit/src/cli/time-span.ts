import { timestampFromDate, type Timestamp } from '@bufbuild/protobuf/wkt';
import type { MomentOptions } from './moments.js';

/** The times that a list is asked for, as a request says them. */
export const span = ({ since, until }: MomentOptions): { readonly since?: Timestamp; readonly until?: Timestamp } => ({
  ...(since && { since: timestampFromDate(since) }),
  ...(until && { until: timestampFromDate(until) }),
});
