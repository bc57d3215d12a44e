import { DriftVerdict, FindingSeverity, type DriftMeasure } from '@refit/contracts';
import type { Unjudged } from '@refit/data-validation';
import { unjudgedSentence } from '../judgement-text.js';
import { html, type Html } from './html.js';

const verdicts: Readonly<Record<DriftVerdict, string>> = {
  [DriftVerdict.UNSPECIFIED]: '', [DriftVerdict.STEADY]: 'steady', [DriftVerdict.MOVED]: 'moved', [DriftVerdict.TOO_FEW_ROWS]: 'too few rows', [DriftVerdict.UNKNOWN]: 'unknown',
};

/** Every column whose drift was measured, the worst first, with a bar from 0 to where it fails; what all tell together; and what was not judged. */
export function driftSection(drift: readonly DriftMeasure[], unjudged: readonly Unjudged[]): Html {
  const rows = drift.filter(({ measure }) => measure === 'psi').toSorted((a, b) => b.severity - a.severity || (b.value ?? Infinity) - (a.value ?? Infinity));
  const notes = [...drift.filter(({ measure }) => measure === 'domain-classifier').map(togetherText), ...unjudged.map(unjudgedSentence)];
  return html`<section><h2>Drift</h2>${rows.length > 0 ? driftTable(rows) : undefined}${notes.map((note) => html`<p class="note">${note}</p>`)}</section>`;
}

const driftTable = (rows: readonly DriftMeasure[]) => html`<p class="note">A column has moved where the difference is more than chance and large enough to matter. ${exactness(rows)}</p>
<div class="scroll"><table><thead><tr><th>column</th><th></th><th class="number">PSI</th><th></th><th class="number">Wasserstein</th><th class="number">KS</th><th class="number">p</th><th>what is seen</th></tr></thead>
<tbody>${rows.map(driftRow)}</tbody></table></div>`;

function exactness(rows: readonly DriftMeasure[]): string {
  const error = Math.max(0, ...rows.flatMap(({ distances }) => distances.filter(({ name }) => name === 'kolmogorov-smirnov').map((distance) => distance.error)));
  return error === 0 ? 'Wasserstein and KS are exact.' : `Wasserstein and KS are from summaries: KS may be larger by ${error.toPrecision(2)}.`;
}

/** `All columns together: a classifier tells the rows from those of the reference with an AUC of 0.743 (0.72 to 0.76; .5 is chance); told apart by delay (AUC 0.52 without it)` */
function togetherText({ value, toldApart: interval, seen }: DriftMeasure): string {
  if (value === undefined) return `All columns together: ${seen}`;
  const between = interval ? `${interval.low.toFixed(2)} to ${interval.high.toFixed(2)}; ` : '';
  return `All columns together: a classifier tells the rows from those of the reference with an AUC of ${value.toFixed(3)} (${between}.5 is chance)${seen === '' ? '' : `; ${seen}`}`;
}

function driftRow(measure: DriftMeasure): Html {
  const { column, verdict, severity, value, failureAt, warningAt, pValue, seen } = measure;
  const kind = severity === FindingSeverity.FAILURE ? 'failure' : severity === FindingSeverity.WARNING ? 'warning' : verdict === DriftVerdict.STEADY ? 'good' : '';
  const named = (name: string) => measure.distances.find((distance) => distance.name === name)?.value;
  const distance = (of: number | undefined, unit = '') => (of === undefined ? '–' : `${of.toFixed(3)}${unit}`);
  const scale = failureAt * 1.25;
  const share = (of: number) => `${(Math.min(of / scale, 1) * 100).toFixed(1)}%`;
  return html`<tr><th scope="row">${column}</th><td><span class="chip ${kind}">${verdicts[verdict]}</span></td><td class="number">${distance(value)}</td>
<td class="gauge"><div title="warns at ${warningAt}, fails at ${failureAt}"><span class="${kind}" style="width:${share(value ?? 0)}"></span><i style="left:${share(warningAt)}"></i><i style="left:${share(failureAt)}"></i></div></td>
<td class="number">${distance(named('wasserstein'), ' σ')}</td><td class="number">${distance(named('kolmogorov-smirnov'))}</td><td class="number">${pValue === undefined ? '–' : pValue < 1e-12 ? '< 1e-12' : pValue.toPrecision(2)}</td><td>${seen}</td></tr>`;
}
