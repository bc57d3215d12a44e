import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { seededRandom } from './seeded-random.ts';

/** Days of orders at a shop: will the customer come back? Generated, with a known rule and noise. */
export const days = 6;
/** This day's prices are in another currency: the data gate refuses it. */
export const damagedDay = 4;
const ordersPerDay = 400;

export const dayName = (day: number) => `day-${day}`;

export const pipelineText = `version: refit/v1
name: shop
source: { timeColumn: ordered_at, window: { last: 3 batches } }
label: { column: returned, positive: "yes" }
trainer: { kind: linear }
split: { by: time, test: 0.3, validation: 0.1 }
dataset: shop
dataGate: { ignore: [ordered_at] }
triggers: { onData: { coalesce: false }, concurrency: queue }
modelGate:
  - { metric: rocAuc, atLeast: 0.55 }
  - { metric: rocAuc, notWorseThanChampionBy: 0.01 }
`;

/** The same pipeline by another name, with a dataset and a model of its own. */
export const shopPipeline = (name: string) => pipelineText.replaceAll(/^(name|dataset): shop$/gm, `$1: ${name}`);

/** Writes a CSV file a day; returns their paths in order. */
export function writeDays(folder: string): string[] {
  mkdirSync(folder, { recursive: true });
  return Array.from({ length: days }, (_, i) => {
    const file = join(folder, `${dayName(i + 1)}.csv`);
    writeFileSync(file, dayCsv(i + 1));
    return file;
  });
}

/** One day as CSV, with its header. */
export function dayCsv(day: number): string {
  const random = seededRandom(day);
  const cities = ['Athens', 'Bergen', 'Cádiz', 'Dublin'];
  const rows = Array.from({ length: ordersPerDay }, (_, i) => {
    const price = Math.round((5 + 95 * random()) * 100) / 100;
    const items = 1 + Math.floor(8 * random());
    const city = cities[Math.floor(random() * cities.length)] ?? '';
    const score = 0.04 * (price - 50) - 0.3 * (items - 4) + (city === 'Dublin' ? 1 : 0) + 3 * (random() - 0.5);
    const time = new Date(Date.UTC(2026, 0, day, 0, 0, i * 200)).toISOString().slice(0, 19);
    const shown = day === damagedDay ? price * 130 : price;
    return `${time},${shown.toFixed(2)},${items},${city},${score > 0 ? 'yes' : 'no'}`;
  });
  return ['ordered_at,price,items,city,returned', ...rows, ''].join('\n');
}
