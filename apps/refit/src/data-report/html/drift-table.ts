import { DriftVerdict, FindingSeverity, type DriftMeasure } from '@refit/contracts';
import { html, type Html } from './html.js';

const verdicts: Readonly<Record<DriftVerdict, string>> = {
  [DriftVerdict.UNSPECIFIED]: '', [DriftVerdict.STEADY]: 'steady', [DriftVerdict.MOVED]: 'moved', [DriftVerdict.TOO_FEW_ROWS]: 'too few rows', [DriftVerdict.UNKNOWN]: 'unknown',
};

/** Every column whose drift was measured, the worst first, with a bar from 0 to where it fails. */
export function driftTable(drift: readonly DriftMeasure[]): Html {
  const rows = drift.filter(({ measure }) => measure === 'psi').toSorted((a, b) => b.severity - a.severity || (b.value ?? Infinity) - (a.value ?? Infinity));
  return html`<section><h2>Drift</h2><p class="note">A column has moved where the difference is more than chance and large enough to matter.</p>
<div class="scroll"><table><thead><tr><th>column</th><th></th><th class="number">PSI</th><th></th><th class="number">Wasserstein</th><th class="number">KS</th><th class="number">p</th><th>what is seen</th></tr></thead>
<tbody>${rows.map(driftRow)}</tbody></table></div></section>`;
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
