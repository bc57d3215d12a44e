import type { ColumnRule } from '@refit/contracts';
import { number, percent } from '../wording.js';

/** What a rule says, one property after another, in words; what it does not say is left out. */
export function describeRule(rule: ColumnRule): ReadonlyMap<RuleProperty, string> {
  const { type, required, nullRate, minimumNullRate, maximumNullRate, minimum, maximum, acceptedMinimum, acceptedMaximum, domain, unique, environments } = rule;
  const said: readonly (readonly [RuleProperty, string | undefined])[] = [
    ['type', type],
    ['presence', required ? 'required' : 'optional'],
    ['missing', percent(nullRate)],
    ['accepted missing', span(minimumNullRate, maximumNullRate, percent)],
    ['range', span(minimum, maximum, number)],
    ['accepted range', span(acceptedMinimum, acceptedMaximum, number)],
    ['values', domain.length === 0 ? undefined : domain.map((value) => `"${value}"`).join(', ')],
    ['unique', unique ? 'yes' : undefined],
    ['environments', environments.length === 0 ? undefined : environments.join(', ')],
  ];
  return new Map(said.flatMap(([property, text]) => (text === undefined ? [] : [[property, text] as const])));
}

export type RuleProperty = 'type' | 'presence' | 'missing' | 'accepted missing' | 'range' | 'accepted range' | 'values' | 'unique' | 'environments';

function span(from: number | undefined, to: number | undefined, text: (value: number) => string): string | undefined {
  if (from === undefined && to === undefined) return undefined;
  return `${from === undefined ? '…' : text(from)} to ${to === undefined ? '…' : text(to)}`;
}
