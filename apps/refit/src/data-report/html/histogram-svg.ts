import type { ColumnBars } from '../column-bars.js';
import { percentText } from '../in-words.js';
import { html, type Html } from './html.js';

const width = 320;
const height = 92;

/** Bars of a column; over them, as a line, those of the reference. Each bar tells its own when pointed at. @param between in words, what numbers a bar is of */
export function histogramSvg(bars: ColumnBars, reference: ColumnBars | undefined, between: (from: number, until: number) => string): Html {
  const highest = Math.max(...bars.shares, ...(reference?.shares ?? []), 1e-12);
  const each = width / bars.shares.length;
  const gap = each > 4 ? 1 : 0;
  const y = (share: number) => (height - (share / highest) * (height - 4)).toFixed(1);
  const value = (i: number) => bars.from + ((bars.until - bars.from) * i) / bars.shares.length;
  const rectangles = bars.shares.map((share, i) => html`<g class="bar"><rect class="hit" x="${(i * each).toFixed(1)}" y="0" width="${each.toFixed(2)}" height="${height}"/><rect x="${(i * each + gap / 2).toFixed(1)}" y="${y(share)}" width="${Math.max(each - gap, 0.5).toFixed(2)}" height="${((share / highest) * (height - 4)).toFixed(1)}" rx="1"/><title>${between(value(i), value(i + 1))}: ${percentText(share)}${reference ? ` (reference ${percentText(reference.shares[i] ?? 0)})` : ''}</title></g>`);
  const line = reference?.shares.flatMap((share, i) => [`${(i * each).toFixed(1)},${y(share)}`, `${((i + 1) * each).toFixed(1)},${y(share)}`]).join(' ');
  return html`<svg class="histogram" viewBox="0 0 ${width} ${height}" preserveAspectRatio="none" role="img" aria-label="histogram">${rectangles}${line === undefined ? undefined : html`<polyline class="reference" points="0,${height} ${line} ${width},${height}"/>`}</svg>`;
}
