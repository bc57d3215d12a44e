import type { ColumnRule, DataSchema } from '@refit/contracts';
import { describeTolerance } from '@refit/data-validation';
import { table } from '../cli/render/table.js';
import type { Style } from '../cli/terminal.js';
import { numberText, percentText, shortened } from './in-words.js';

/** A schema for people: a line for each column, then what is let pass. */
export const schemaText = ({ columns, tolerated }: DataSchema, style: Style): string =>
  [
    table(
      [{ title: 'column' }, { title: 'type' }, { title: 'presence' }, { title: 'values' }],
      columns.map((rule) => [style.bold(rule.name), rule.type, presenceText(rule), valuesText(rule)]),
      style,
    ),
    ...(tolerated.length > 0 ? ['', style.bold('Let pass'), ...tolerated.map((tolerance) => `  ${describeTolerance(tolerance)}`)] : []),
  ].join('\n');

export function presenceText({ required, nullRate, maximumNullRate, environments }: ColumnRule): string {
  const where = environments.length === 0 ? '' : `, in ${environments.join(' and ')} only`;
  if (!required) return `optional${where}`;
  const accepted = maximumNullRate === undefined ? '' : `, up to ${percentText(maximumNullRate)} accepted`;
  return `${nullRate === 0 && accepted === '' ? 'always' : `${percentText(nullRate)} missing${accepted}`}${where}`;
}

export function valuesText({ minimum, maximum, acceptedMinimum = minimum, acceptedMaximum = maximum, domain, unique }: ColumnRule): string {
  const each = unique ? ', each once' : '';
  if (domain.length > 0) return `one of ${domain.slice(0, 6).map(shortened).join(', ')}${domain.length > 6 ? ` and ${domain.length - 6} more` : ''}${each}`;
  if (minimum === undefined || maximum === undefined) return unique ? 'each once' : 'any';
  return `${numberText(Math.min(minimum, acceptedMinimum ?? minimum))} … ${numberText(Math.max(maximum, acceptedMaximum ?? maximum))}${each}`;
}
