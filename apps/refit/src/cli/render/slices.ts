import { GateVerdict, type GateResult, type Metric, type ModelEvaluated } from '@refit/contracts';
import { describeMetric } from '@refit/model-validation';
import type { Style } from '../terminal.js';
import { table } from './table.js';
import { countOf, gateMark } from './words.js';

/** More are counted; --json has them all. */
const shown = 10;

/** How good the model is on parts of the test rows, the worst first; empty when it was measured on none. */
export function slices({ metrics, smallSlices }: ModelEvaluated, gates: readonly GateResult[], style: Style): string {
  const measured = slicesOf(metrics);
  const leading = leadingMetric(measured, gates);
  if (leading === undefined) return smallSlices.length === 0 ? '' : [style.bold('Slices'), tooSmall(smallSlices)].join('\n');
  const overall = valueOf(metrics.filter((m) => m.slice === ''), leading);
  const gateOf = (slice: Slice) => gates.filter((g) => g.slice === slice.name).toSorted((a, b) => badness(b) - badness(a))[0];
  const worstFirst = measured.toSorted((a, b) => badness(gateOf(b)) - badness(gateOf(a)) || distance(a, leading) - distance(b, leading));
  const others = [...new Set(measured.flatMap((s) => s.metrics.map((m) => m.name)))].filter((name) => name !== leading);
  const rows = worstFirst.slice(0, shown).map((slice) => {
    const gate = gateOf(slice);
    const value = valueOf(slice.metrics, leading);
    const cells = [value, ...others.map((name) => valueOf(slice.metrics, name))].map(number);
    const difference = value === undefined || overall === undefined ? '' : signed(value - overall);
    return [`  ${gate ? gateMark(gate.verdict, style) : ' '} ${slice.name}`, slice.rows.toLocaleString('en-US'), cells[0] ?? '', difference, ...cells.slice(1)];
  });
  const right = { align: 'right' as const };
  const columns = [{ title: '    slice' }, { title: 'rows', ...right }, { title: leading, ...right }, { title: 'to all', ...right }, ...others.map((title) => ({ title, ...right }))];
  const more = measured.length > shown ? [`    … and ${measured.length - shown} more; --json has them all`] : [];
  const refused = measured.some((slice) => badness(gateOf(slice)) > 0);
  const head = `${style.bold('Slices')}  ${style.dim(`${refused ? 'those that a gate refused, then ' : ''}the worst ${leading} first`)}`;
  return [head, table(columns, rows, style), ...more.map(style.dim), ...(smallSlices.length > 0 ? [style.dim(tooSmall(smallSlices))] : [])].join('\n');
}

interface Slice {
  readonly name: string;
  readonly rows: number;
  readonly metrics: readonly Metric[];
}

function slicesOf(metrics: readonly Metric[]): readonly Slice[] {
  const bySlice = Map.groupBy(metrics.filter((m) => m.slice !== ''), (m) => m.slice);
  return [...bySlice].map(([name, own]) => ({ name, rows: Math.max(...own.map((m) => m.rows)), metrics: own }));
}

/** What the gate asks of slices, else of the whole; else the first that slices have. */
function leadingMetric(measured: readonly Slice[], gates: readonly GateResult[]): string | undefined {
  const names = measured.flatMap((slice) => slice.metrics.map((m) => m.name));
  const asked = gates.toSorted((a, b) => Number(a.slice === '') - Number(b.slice === '')).find((g) => names.includes(g.metric));
  return asked?.metric ?? names[0];
}

/** Failed before unknown before everything else. */
const badness = (gate: GateResult | undefined) => (gate?.verdict === GateVerdict.FAIL ? 2 : gate?.verdict === GateVerdict.INCONCLUSIVE ? 1 : 0);

/** The smaller, the worse; without a value last. */
function distance({ metrics }: Slice, name: string): number {
  const value = valueOf(metrics, name);
  if (value === undefined) return Number.MAX_VALUE;
  const better = describeMetric(name)?.better ?? 'higher';
  return better === 'higher' ? value : better === 'lower' ? -value : -Math.abs(value);
}

const valueOf = (metrics: readonly Metric[], name: string) => metrics.find((m) => m.name === name)?.value;
const number = (value: number | undefined) => (value === undefined ? 'undefined' : value.toFixed(4));
const signed = (difference: number) => `${difference < 0 ? '−' : '+'}${Math.abs(difference).toFixed(4)}`;

function tooSmall(names: readonly string[]): string {
  const few = 5;
  return `    too few rows to judge ${countOf(names.length, 'slice')}: ${names.slice(0, few).join(', ')}${names.length > few ? ', …' : ''}`;
}
