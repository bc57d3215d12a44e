import type { ColumnRelations, LabelRelations, RowsAlike } from '@refit/data-validation';
import { table } from '../cli/render/table.js';
import { countOf } from '../cli/render/words.js';
import type { Style } from '../cli/terminal.js';
import { percentText } from './in-words.js';

const shown = 8;
const barWidth = 20;

/** What columns have to do with each other, on a terminal. */
export function relationsText(relations: ColumnRelations, style: Style): string {
  const { label, correlations } = relations;
  return [
    `${style.bold('Across columns')}  ${style.dim(lookedAtText(relations))}`,
    `  ${duplicatesText(relations.duplicates)}`,
    ...(label ? [`  ${conflictsText(label)}`] : []),
    ...(correlations.length > 0 ? [`\n${table([{ title: '  correlated' }, { title: 'r', align: 'right' }], correlations.slice(0, shown).map(({ columns, value }) => [`  ${columns.join(' · ')}`, value.toFixed(3)]), style)}`, ...more(correlations.length, style)] : []),
    ...(label && label.power.length > 0 ? [`\n${table([{ title: `  tells of ${label.column}` }, { title: measureName[label.measure], align: 'right' }, { title: '' }], label.power.slice(0, shown * 2).map(({ column, value }) => [`  ${column}`, value.toFixed(3), style.cyan('█'.repeat(Math.round(strength(label.measure, value) * barWidth)))]), style)}`] : []),
  ].join('\n');
}

const more = (count: number, style: Style) => (count > shown ? [style.dim(`  … and ${count - shown} more`)] : []);

export const measureName: Readonly<Record<LabelRelations['measure'], string>> = { auc: 'AUC', r2: 'R²' };

/** From 0, nothing, to 1, everything. */
export const strength = (measure: LabelRelations['measure'], value: number): number => Math.max(measure === 'auc' ? value * 2 - 1 : value, 0);

export const lookedAtText = ({ rows, lookedAt, correlatedColumns }: ColumnRelations): string =>
  [lookedAt === rows ? 'all rows' : `${lookedAt.toLocaleString('en-US')} rows that a hash chose`, correlatedColumns === undefined ? '' : `the first ${correlatedColumns} numbers`].filter((part) => part !== '').join(', ');

export const duplicatesText = (duplicates: RowsAlike): string =>
  duplicates.rows === 0 ? 'no duplicate rows' : `${countOf(duplicates.rows, 'duplicate row')} (${percentText(duplicates.rows / duplicates.lookedAt)})`;

export const conflictsText = ({ column, conflicting, measure }: LabelRelations): string => {
  const alike = measure === 'r2' ? 'rows alike in all but a different' : 'rows alike in all else contradict the majority by their';
  return conflicting.rows === 0 ? `no two rows alike in all but ${column}` : `${conflicting.rows.toLocaleString('en-US')} ${alike} ${column} (${percentText(conflicting.rows / conflicting.lookedAt)})`;
};
