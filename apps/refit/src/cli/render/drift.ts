import { DriftVerdict, FindingSeverity, type Distance, type DriftMeasure } from '@refit/contracts';
import type { Style } from '../terminal.js';
import { severityMark } from './words.js';

const shown = 10;

/** The columns that moved, the worst first: by how much, how sure that is, and what a person would see of it. */
export function driftOf(drift: readonly DriftMeasure[], style: Style): string[] {
  const moved = drift.filter((measure) => severityOf(measure) >= FindingSeverity.WARNING).toSorted((a, b) => severityOf(b) - severityOf(a) || (b.value ?? Infinity) - (a.value ?? Infinity));
  const lines = moved.slice(0, shown).map((measure) => `  ${severityMark(severityOf(measure), style)} ${style.bold(measure.column || 'all columns')}${measure.batch && ` of ${measure.batch}`}${measure.against && ` against ${measure.against}`} ${told(measure)}`);
  const rest = moved.length - shown;
  return [...(moved.length > 0 ? [style.dim(moved.every(({ against }) => against === '') ? '  moved, against the reference:' : '  moved:')] : []), ...lines, ...(rest > 0 ? [style.dim(`  … and ${rest} more`)] : [])];
}

/** Events of older versions have no verdict: their value and limits say it. */
function severityOf({ verdict, severity, value = Infinity, warningAt, failureAt }: DriftMeasure): FindingSeverity {
  if (verdict !== DriftVerdict.UNSPECIFIED) return severity;
  if (value >= failureAt) return FindingSeverity.FAILURE;
  return value >= warningAt ? FindingSeverity.WARNING : FindingSeverity.UNSPECIFIED;
}

/** `PSI 0.361 (0.1 warns, 0.25 fails; by chance up to 0.0004), Wasserstein 0.86 σ (0.1 warns, 0.5 fails), KS 0.21, p < 1e-12; median 576 → 916` */
function told(measure: DriftMeasure): string {
  if (measure.measure === 'domain-classifier') return toldApart(measure);
  if (measure.value === undefined) return 'could not be compared: there are no values on one side';
  const limits = ({ warningAt, failureAt }: Pick<DriftMeasure, 'warningAt' | 'failureAt'>) => `${warningAt} warns, ${failureAt} fails`;
  const chance = measure.chanceLimit === undefined ? '' : `; by chance up to ${measure.chanceLimit.toPrecision(2)}`;
  const named = (name: string) => measure.distances.find((distance) => distance.name === name);
  const wasserstein = named('wasserstein');
  const parts = [
    `PSI ${measure.value.toFixed(3)} (${limits(measure)}${chance})`,
    wasserstein && `Wasserstein ${wasserstein.value.toFixed(2)} σ (${limits({ warningAt: wasserstein.warningAt ?? 0, failureAt: wasserstein.failureAt ?? 0 })})`,
    distance('KS', named('kolmogorov-smirnov')), distance('Jensen–Shannon', named('jensen-shannon')),
    measure.pValue === undefined ? undefined : probability(measure.pValue),
  ];
  return `${parts.filter((part) => part !== undefined).join(', ')}${measure.seen && `; ${measure.seen}`}`;
}

/** `together: AUC 0.743 (0.72 to 0.76; 0.65 warns), p < 1e-12; told apart by delay (AUC 0.52 without it)` */
function toldApart({ value = 0, toldApart: interval, warningAt, failureAt, pValue, seen }: DriftMeasure): string {
  const limits = [warningAt > 0 ? `${warningAt} warns` : '', failureAt > 0 ? `${failureAt} fails` : ''].filter((part) => part !== '').join(', ');
  const between = interval ? `${interval.low.toFixed(2)} to ${interval.high.toFixed(2)}; ` : '';
  return `together: AUC ${value.toFixed(3)} (${between}${limits})${pValue === undefined ? '' : `, ${probability(pValue)}`}${seen && `; ${seen}`}`;
}

const distance = (name: string, found: Distance | undefined) => (found ? `${name} ${found.value.toFixed(3)}` : undefined);

const probability = (p: number) => (p < 1e-12 ? 'p < 1e-12' : `p ${p.toPrecision(2)}`);
