import ms, { type StringValue } from 'ms';
import type { DurationText, WindowText } from './pipeline-file.js';

/** `10s`, `1.5 h`, `28d`, 0 → milliseconds. The text has passed the schema's pattern. */
export const durationMs = (text: DurationText): number => (typeof text === 'number' ? text : Math.round(ms(text as StringValue))); // the pattern is narrower than what ms reads

export type WindowLength =
  | { readonly case: 'durationMs'; readonly value: number }
  | { readonly case: 'rows'; readonly value: number }
  | { readonly case: 'batches'; readonly value: number };

/** `28d`, `200000 rows`, `4 batches`. */
export function windowLength(text: WindowText): WindowLength {
  const counted = /^(\d+) (row|batch)/.exec(text);
  if (!counted) return { case: 'durationMs', value: durationMs(text) };
  return { case: counted[2] === 'row' ? 'rows' : 'batches', value: Number(counted[1]) };
}
