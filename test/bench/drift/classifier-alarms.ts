import { defaultDataGate, DriftVerdict } from '@refit/contracts';
import { inferSchema, judgeData, type DatasetStatistics } from '@refit/data-validation';
import { tellApart } from '@refit/trainers';
import { seededRandom } from '../../support/seeded-random.ts';
import type { Figure } from '../bench.ts';

const windows = [[300, 300], [1000, 150], [5000, 40]] as const;

/** How often a classifier tells rows apart that are of one population, by chance and as the gate judges it; and how long it takes over 20,000 rows. */
export function classifierAlarms(): Figure[] {
  const random = seededRandom(20_010_101);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const rows = (of: number, columns: number, draw: (column: number) => number) => {
    const values = Float32Array.from({ length: 2 * of * columns }, (_, i) => draw(Math.floor(i / (2 * of))));
    return { referenceRows: of, sampleRows: of, columns: Array.from({ length: columns }, (_, i) => `c${i}`), values };
  };
  const mixed = (column: number) => (column % 3 === 0 ? normal() : column % 3 === 1 ? Math.floor(-5 * Math.log(1 - random())) : Math.exp(normal()));
  const shares = windows.map(([of, times]) => {
    const found = Array.from({ length: times }, () => tellApart(rows(of, 6, mixed), 1)).filter((told) => told !== undefined);
    return { byChance: found.filter(({ pValue }) => pValue <= 0.01).length / times, judged: found.filter((told) => isAlarm(told)).length / times };
  });
  const many = rows(10_000, 14, mixed);
  const start = performance.now();
  tellApart(many, 1);
  const seconds = (performance.now() - start) / 1000;
  const [byChance, judged] = [Math.max(...shares.map((share) => share.byChance)), Math.max(...shares.map((share) => share.judged))];
  return [
    { name: 'classifier, p ≤ .01 without a difference, worst window size', value: byChance * 100, unit: '%', target: '≤ 1', ok: byChance <= 0.01 },
    { name: 'classifier, warnings without a difference, worst window size', value: judged * 100, unit: '%', target: '≤ 1', ok: judged <= 0.01 },
    { name: 'classifier, 20,000 rows of 14 columns', value: seconds, unit: 's', target: '< 1.5', ok: seconds < 1.5 },
  ];
}

const nothing: DatasetStatistics = { rows: 1000, columns: [] };

function isAlarm(told: NonNullable<ReturnType<typeof tellApart>>): boolean {
  const { drift } = judgeData({
    batch: 'sample', statistics: nothing, malformedRows: 0, gate: defaultDataGate(), expected: { schema: inferSchema(nothing), reference: nothing },
    compared: { classifier: { toldApart: told, columns: told.columns } },
  });
  return drift.some(({ verdict }) => verdict === DriftVerdict.MOVED);
}
