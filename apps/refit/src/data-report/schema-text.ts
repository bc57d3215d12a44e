import type { ColumnRule, DataSchema } from '@refit/contracts';
import { table } from '../cli/render/table.js';
import type { Style } from '../cli/terminal.js';
import { numberText, percentText, shortened } from './in-words.js';

/** A schema for people: a line for each column. */
export const schemaText = ({ columns }: DataSchema, style: Style): string =>
  table(
    [{ title: 'column' }, { title: 'type' }, { title: 'presence' }, { title: 'values' }],
    columns.map((rule) => [style.bold(rule.name), rule.type, presenceText(rule), valuesText(rule)]),
    style,
  );

export function presenceText({ required, nullRate }: ColumnRule): string {
  if (!required) return 'optional';
  return nullRate === 0 ? 'always' : `${percentText(nullRate)} missing`;
}

export function valuesText({ minimum, maximum, domain }: ColumnRule): string {
  if (domain.length > 0) return `one of ${domain.slice(0, 6).map(shortened).join(', ')}${domain.length > 6 ? ` and ${domain.length - 6} more` : ''}`;
  return minimum === undefined || maximum === undefined ? 'any' : `${numberText(minimum)} … ${numberText(maximum)}`;
}
