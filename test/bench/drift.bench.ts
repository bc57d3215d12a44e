import type { BenchResult, Figure } from './bench.ts';
import { classifierAlarms } from './drift/classifier-alarms.ts';
import { evidentlyRates } from './drift/evidently-rates.ts';
import { findMoved, ofCategories, ofNumbers, type Summarize } from './drift/judge-sample.ts';
import { neighbouringMonths } from './drift/neighbouring-months.ts';
import { populations, type Draw } from './drift/populations.ts';
import { wassersteinRuleRate } from './drift/wasserstein-rule.ts';

/** Rows of a window, and how many pairs of windows are drawn: reference and sample are as large as each other, which is hardest. */
const windows = [[300, 1000], [1000, 600], [3000, 300], [10_000, 600], [30_000, 150], [100_000, 50]] as const;
const repetitions = 300;

/** How often the data gate's default limits alarm without drift, and how often they see one that matters. */
export default async function drift(): Promise<BenchResult> {
  const drawn = populations(20_010_101);
  const { numbers, categories, shifted, scaled, withOutlier } = drawn;
  const columns = [...Object.entries(numbers).map(([name, of]) => ({ name, of, summarize: ofNumbers })), ...Object.entries(categories).map(([name, of]) => ({ name, of, summarize: ofCategories }))];
  const falseAlarms = columns.flatMap(({ name, of, summarize }) =>
    windows.map(([rows, times]) => ({ name, rows, share: alarms(summarize, of, of, rows, times) })),
  );
  const seen = {
    'shift of .25 σ, 1,000 rows': alarms(ofNumbers, numbers.normal, shifted, 1000, repetitions),
    'lognormal × 1.28, 20,000 rows': alarms(ofNumbers, numbers.lognormal, scaled, 20_000, repetitions),
    'the shift, an outlier of 1e6 on both sides': alarms(ofNumbers, withOutlier(numbers.normal), withOutlier(shifted), 1000, repetitions),
  };
  const peer = await evidentlyRates(windows.map(([rows]) => rows));
  const rule = Object.entries(numbers).filter(([name]) => name !== 'a fifth missing').map(([name, of]) => ({ name, of, rates: windows.map(([rows, times]) => [rows, wassersteinRuleRate(of, rows, times)] as const) }));
  printTable(falseAlarms, [...rule.map(({ name, rates }) => ({ name: `${name}, W₁/σ ≥ .1`, rates })), ...peer.columns.map(({ name, rates }) => ({ name: `${name}, Evidently`, rates }))]);
  return { bench: 'drift', figures: [...columns.map(({ name }) => worst(name, falseAlarms)), ...Object.entries(seen).map(([name, share]) => power(name, share)), ...classifierAlarms(), ...(await neighbouringMonths()), ...rule.map(({ name, of }) => ofRule(name, wassersteinRuleRate(of, 100, 1000))), ...peer.figures] };
}

/** In which share of pairs of windows something is said to have moved. */
function alarms(summarize: Summarize, reference: Draw, sample: Draw, rows: number, times: number): number {
  let found = 0;
  for (let i = 0; i < times; i++) {
    const before = summarize(reference(rows));
    if (findMoved(before, summarize(sample(rows), before)).length > 0) found++;
  }
  return found / times;
}

interface FalseAlarms {
  readonly name: string;
  readonly rows: number;
  readonly share: number;
}

function worst(name: string, all: readonly FalseAlarms[]): Figure {
  const share = Math.max(...all.filter((alarm) => alarm.name === name).map((alarm) => alarm.share));
  return { name: `false alarms, ${name}, worst window size`, value: share * 100, unit: '%', target: '≤ 1', ok: share <= 0.01 };
}

const power = (name: string, share: number): Figure => ({ name: `${name}: at least a warning`, value: share * 100, unit: '%', target: '≥ 95', ok: share >= 0.95 });

const ofRule = (name: string, share: number): Figure => ({ name: `false alarms, ${name}, 100 rows, by W₁/σ ≥ .1 alone`, value: share * 100, unit: '%' });

interface Rates {
  readonly name: string;
  readonly rates: readonly (readonly [rows: number, share: number])[];
}

/** For people, beside the figures. */
function printTable(all: readonly FalseAlarms[], others: readonly Rates[]): void {
  const row = (cells: readonly string[]) => console.log(`  ${cells.map((cell, i) => (i === 0 ? cell.padEnd(34) : cell.padStart(9))).join('')}`);
  const shares = (rates: readonly (readonly [number, number])[]) => windows.map(([rows]) => rates.find(([size]) => size === rows)).map((rate) => (rate ? `${(rate[1] * 100).toFixed(1)} %` : '–'));
  row(['false alarms without drift; rows', ...windows.map(([rows]) => rows.toLocaleString('en-US'))]);
  for (const [name, alarmed] of Map.groupBy(all, (alarm) => alarm.name)) row([name, ...shares(alarmed.map(({ rows, share }) => [rows, share] as const))]);
  for (const { name, rates } of others) row([name, ...shares(rates)]);
}
