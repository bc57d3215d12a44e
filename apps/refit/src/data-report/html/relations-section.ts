import type { ColumnRelations } from '@refit/data-validation';
import { conflictsText, duplicatesText, lookedAtText, measureName, strength } from '../relations-text.js';
import { html, type Html } from './html.js';

const shown = 12;

/** What columns have to do with each other: two tables beside each other. */
export function relationsSection(relations: ColumnRelations): Html {
  const { correlations, label, duplicates } = relations;
  const said = [lookedAtText(relations), duplicatesText(duplicates), ...(label ? [conflictsText(label)] : [])].join(' · ');
  const correlated = correlations.slice(0, shown).map(({ columns, value }) => row(columns.join(' · '), value.toFixed(3), Math.abs(value)));
  const telling = label?.power.slice(0, shown).map(({ column, value }) => row(column, value.toFixed(3), strength(label.measure, value)));
  return html`<section><h2>Across columns</h2><p class="note">${said}</p><div class="pair">${correlated.length > 0 ? listed('correlated', 'r', correlated) : undefined}${label && telling && telling.length > 0 ? listed(`tells of ${label.column}, by itself`, measureName[label.measure], telling) : undefined}</div></section>`;
}

const listed = (title: string, measure: string, rows: readonly Html[]): Html =>
  html`<div class="scroll"><table><thead><tr><th>${title}</th><th class="number">${measure}</th><th></th></tr></thead><tbody>${rows}</tbody></table></div>`;

const row = (name: string, value: string, share: number): Html =>
  html`<tr><th scope="row">${name}</th><td class="number">${value}</td><td class="gauge"><div><span style="width:${(share * 100).toFixed(1)}%"></span></div></td></tr>`;
